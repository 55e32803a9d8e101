package io.remotegpu.drivers.spi.probe;

import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks services at host ports whether they answer.
 *
 * <p>A connection alone proves nothing: an engine's port proxy accepts before the service listens. Each probe therefore
 * speaks just enough of the service's protocol to know that the service itself is there; none needs a secret, and none
 * takes longer than the timeout, however slowly the other side drips. Stateless and thread-safe; never throws for what
 * the other side does.
 */
public final class ServiceProbe {

    private final Duration timeout;

    /** @param timeout for one whole probe, connecting included */
    public ServiceProbe(Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("probe timeout must be positive, not " + timeout);
        }
        this.timeout = timeout;
    }

    /** Asks the service at that port; a wildcard address is asked on this machine. */
    public ProbeResult probe(Service service, String address, int port) {
        String where = service.wireName() + " at " + address + ":" + port;
        try (Socket socket = new Socket()) {
            Conversation conversation = new Conversation(socket, timeout);
            conversation.connect(new InetSocketAddress(reachable(address), port));
            String wrong = Greeting.of(service).wrongAnswer(conversation, address + ":" + port);
            return wrong == null ? ProbeResult.answered() : ProbeResult.silent(where + " " + wrong);
        } catch (SocketTimeoutException e) {
            return ProbeResult.silent(where + " does not answer within " + timeout.toMillis() + " ms");
        } catch (ConnectException e) {
            return ProbeResult.silent(where + " does not accept connections");
        } catch (IOException e) {
            return ProbeResult.silent(where + " broke off: " + e.getMessage());
        }
    }

    /** Asks all of them at the same time; the reasons of those that do not answer, in the given order. */
    public List<String> silent(List<PortBinding> bindings) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ProbeResult>> running = new ArrayList<>();
            for (PortBinding binding : bindings) {
                running.add(threads.submit(() -> probe(binding.service(), binding.address(), binding.port())));
            }
            List<String> reasons = new ArrayList<>();
            for (Future<ProbeResult> one : running) {
                String reason = one.get().reason();
                if (reason != null) {
                    reasons.add(reason);
                }
            }
            return reasons;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of("interrupted while asking the services");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a probe failed by itself", e);
        }
    }

    private static InetAddress reachable(String address) throws IOException {
        InetAddress bound = InetAddress.getByName(address);
        // the loopback address of the same family
        return !bound.isAnyLocalAddress() ? bound : InetAddress.getByName(address.contains(":") ? "::1" : "127.0.0.1");
    }
}
