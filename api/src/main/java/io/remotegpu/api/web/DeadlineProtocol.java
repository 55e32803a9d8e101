package io.remotegpu.api.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tomcat's HTTP, with a deadline for what a client has to send before a request is there: the TLS handshake, its line and
 * its headers. For bodies there is {@link BodyLimit}.
 *
 * <p>Tomcat's own timeouts are for one read, so a client that sends a byte now and then could hold a connection for ever,
 * and with enough connections all of them. Public, with that constructor, because Tomcat makes it by its name.
 */
public final class DeadlineProtocol extends Http11NioProtocol {

    private static final Logger LOG = LoggerFactory.getLogger(DeadlineProtocol.class);
    private static final int LOOKS = 4;

    /** Owned by the sweep: since when a connection has been kept waiting for the same thing. */
    private Map<SocketWrapperBase<?>, Waiting> waiting = new HashMap<>();

    private Duration deadline = Duration.ofSeconds(10);
    private @Nullable ScheduledFuture<?> sweeps;

    private enum Awaited {
        HANDSHAKE,
        HEADERS
    }

    /** @param request which one of the connection, by when it began; 0 before the first */
    private record Waiting(Awaited what, long request, long sinceNanos) {

        boolean isFor(Awaited other, long otherRequest) {
            return what == other && request == otherRequest;
        }
    }

    void setDeadline(Duration deadline) {
        this.deadline = deadline;
    }

    @Override
    public void start() throws Exception {
        super.start();
        var every = Math.max(50, deadline.toMillis() / LOOKS);
        sweeps = getUtilityExecutor().scheduleWithFixedDelay(this::sweep, every, every, TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() throws Exception {
        var running = sweeps;
        if (running != null) {
            running.cancel(false);
        }
        super.stop();
    }

    private void sweep() {
        try {
            var now = System.nanoTime();
            var still = new HashMap<SocketWrapperBase<?>, Waiting>();
            for (var connection : getEndpoint().getConnections()) {
                var awaited = awaited(connection);
                if (awaited == null) {
                    continue;
                }
                var request = connection.getCurrentProcessor() instanceof Processor processor
                        ? processor.getRequest().getStartTimeNanos()
                        : 0;
                var before = waiting.get(connection);
                var since = before != null && before.isFor(awaited, request) ? before.sinceNanos() : now;
                if (now - since > deadline.toNanos()) {
                    LOG.debug("{} is too slow: {}", connection.getRemoteAddr(), awaited);
                    connection.close();
                } else {
                    still.put(connection, new Waiting(awaited, request, since));
                }
            }
            waiting = still;
        } catch (RuntimeException e) {
            // Thrown on, it would end the sweeps.
            LOG.warn("Slow connections could not be looked for", e);
        }
    }

    /** What the connection waits for, or null: it is being worked on, or between two requests. */
    private static @Nullable Awaited awaited(SocketWrapperBase<?> connection) {
        if (connection.getSocket() instanceof NioChannel channel && !channel.isHandshakeComplete()) {
            return Awaited.HANDSHAKE;
        }
        if (!(connection.getCurrentProcessor() instanceof Processor processor) || processor.isAsync()) {
            return null;
        }
        // While a request is worked on, its connection has no processor; between two requests there is no beginning.
        return processor.getRequest().getStartTimeNanos() < 0 ? null : Awaited.HEADERS;
    }
}
