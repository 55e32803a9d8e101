package io.remotegpu.drivers.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Stands between a driver and its engine, and does something terrible to the engine when it has answered a request, so
 * that the driver never gets the answer.
 */
final class DeadlyRelay implements AutoCloseable {

    /** A request begins a packet, because who asks on a connection waits for the answer. */
    private static final Pattern REQUEST = Pattern.compile("(?:GET|HEAD|POST|PUT|DELETE) /");

    private final Path socket;
    private final Path engine;
    private final Runnable deed;
    private final ServerSocketChannel server;
    private int requestsLeft;

    DeadlyRelay(Path socket, Path engine, Runnable deed) throws IOException {
        this.socket = socket;
        this.engine = engine;
        this.deed = deed;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        Thread.startVirtualThread(this::accept);
    }

    String address() {
        return "unix://" + socket;
    }

    /** Counted from now on, the first one is 1. */
    synchronized void killAtTheAnswerTo(int request) {
        requestsLeft = request;
    }

    /** Whether the next answer is the last one. */
    private synchronized boolean countsDown(ByteBuffer packet) {
        var beginning = StandardCharsets.US_ASCII.decode(
                packet.duplicate().limit(Math.min(packet.limit(), packet.position() + 8)));
        return requestsLeft > 0 && REQUEST.matcher(beginning).lookingAt() && --requestsLeft == 0;
    }

    private void accept() {
        try {
            while (true) {
                var driver = server.accept();
                Thread.startVirtualThread(() -> relay(driver));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void relay(SocketChannel driver) {
        try (driver;
                var daemon = SocketChannel.open(UnixDomainSocketAddress.of(engine))) {
            var last = new boolean[1];
            var answers = Thread.startVirtualThread(() -> copy(daemon, driver, _ -> last[0]));
            copy(driver, daemon, packet -> {
                last[0] |= countsDown(packet);
                return false;
            });
            answers.join();
        } catch (IOException e) {
            // nobody is there any more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Look {
        boolean isTheEnd(ByteBuffer packet);
    }

    private void copy(SocketChannel from, SocketChannel to, Look look) {
        var packet = ByteBuffer.allocate(1 << 16);
        try (from;
                to) {
            while (from.read(packet) >= 0) {
                packet.flip();
                if (look.isTheEnd(packet)) {
                    deed.run();
                    break;
                }
                while (packet.hasRemaining()) {
                    to.write(packet);
                }
                packet.clear();
            }
        } catch (IOException e) {
            // the other direction ended
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
