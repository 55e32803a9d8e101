package io.remotegpu.db.channel;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * One thread and one connection that listen for as long as the process lives. A connection that is lost is made again, a
 * second later, then two, four, eight.
 */
public final class Listener implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 3;

    /** So that it ends soon when it is told to. */
    private static final Duration SLICE = Duration.ofMillis(500);

    private static final Duration LAST_WORK = Duration.ofSeconds(5);

    /** What is done about what was said; on the listener's thread, so it should not take long. */
    @FunctionalInterface
    public interface Hearer {

        /**
         * @param said each only once; empty when anything may have been said unheard: the connection is new, or nothing
         *     was said for long
         */
        void heard(Set<String> said);
    }

    private final String name;
    private final Channels channels;
    private final Channel channel;
    private final Duration longest;
    private final Hearer hearer;
    private volatile @Nullable Thread thread;

    /**
     * @param name of what it is for: its thread's, and in what it logs
     * @param longest after so long a silence the hearer is told that nothing was said
     */
    public Listener(String name, Channels channels, Channel channel, Duration longest, Hearer hearer) {
        this.name = name;
        this.channels = channels;
        this.channel = channel;
        this.longest = longest;
        this.hearer = hearer;
    }

    @Override
    public void start() {
        var started = new Thread(this::run, name);
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    @Override
    public void stop() {
        var running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
            try {
                running.join(LAST_WORK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private boolean current() {
        return thread == Thread.currentThread();
    }

    private void run() {
        int lost = 0;
        while (current()) {
            try (var listening = channels.listen(channel)) {
                hearer.heard(Set.of());
                lost = 0;
                while (current()) {
                    hear(listening);
                }
            } catch (SQLException | DataAccessException | TransactionException failure) {
                if (current()) {
                    LOG.warn("The {} does not hear the database now, trying again: {}", name, failure.toString());
                    pause(lost++);
                }
            }
        }
    }

    private void hear(Listening listening) throws SQLException {
        var until = System.nanoTime() + longest.toNanos();
        var said = listening.await(SLICE);
        while (said.isEmpty() && current() && System.nanoTime() - until < 0) {
            said = listening.await(SLICE);
        }
        if (current()) {
            hearer.heard(said);
        }
    }

    private static void pause(int lost) {
        try {
            Thread.sleep(FIRST_PAUSE.multipliedBy(1L << Math.min(lost, MOST_DOUBLINGS)));
        } catch (InterruptedException e) {
            // Told to end, which the loop sees.
        }
    }
}
