package io.remotegpu.drivers.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A port open at all addresses of this machine, as a careless service's is; counts who comes. */
final class OpenPort implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0);
    private final AtomicInteger connections = new AtomicInteger();

    OpenPort() throws IOException {
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try (Socket connection = socket.accept()) {
                    connections.incrementAndGet();
                    connection.getOutputStream().write('x');
                } catch (IOException e) {
                    // closed, by them or by us
                }
            }
        });
    }

    int number() {
        return socket.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    /** Connects once. */
    boolean answersThisMachine() throws IOException {
        try (var connection = new Socket(InetAddress.getLoopbackAddress(), number())) {
            return connection.getInputStream().read() == 'x';
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
