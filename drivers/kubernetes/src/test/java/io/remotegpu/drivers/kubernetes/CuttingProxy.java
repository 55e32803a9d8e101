package io.remotegpu.drivers.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and the API server, and cuts each connection after so many bytes of answers. */
final class CuttingProxy implements AutoCloseable {

    private final ServerSocket server;
    private final URI target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile long bytesOfAnswers = Long.MAX_VALUE;

    CuttingProxy(URI target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.startVirtualThread(this::accept);
    }

    String address() {
        return "https://127.0.0.1:" + server.getLocalPort() + "/";
    }

    /** From the next connection on. */
    void cutAfter(long bytes) {
        bytesOfAnswers = bytes;
    }

    /** Every connection that there is. */
    void cutNow() {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket api = new Socket(target.getHost(), target.getPort());
                open.add(client);
                long most = bytesOfAnswers;
                Thread.startVirtualThread(() -> copy(client, api, Long.MAX_VALUE));
                Thread.startVirtualThread(() -> copy(api, client, most));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void copy(Socket from, Socket to, long most) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[8192];
            long left = most;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    return;
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        } catch (IOException e) {
            // the other direction ended
        }
    }

    @Override
    public void close() {
        cutNow();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
