package io.remotegpu.drivers.spi.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A real server on a real port that treats every connection in one way. */
final class SpokenServer implements AutoCloseable {

    private interface Manner {
        void treat(SpokenServer server, Socket socket) throws IOException, InterruptedException;
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final CompletableFuture<String> heard = new CompletableFuture<>();
    private final byte @Nullable [] answer;
    private volatile boolean atOnce;

    private SpokenServer(Manner manner, byte @Nullable [] answer) throws IOException {
        this.answer = answer;
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            manner.treat(this, socket);
                        } catch (IOException | InterruptedException e) {
                            // the probe went away
                        }
                    });
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    static SpokenServer speaksFirst(String banner) throws IOException {
        var server = new SpokenServer(
                (self, socket) -> socket.getOutputStream().write(self.answer),
                banner.getBytes(StandardCharsets.US_ASCII));
        return server;
    }

    /** Waits for the first bytes of the other side, answers, and closes. */
    static SpokenServer answers(byte[] answer) throws IOException {
        return new SpokenServer(
                (self, socket) -> {
                    if (!self.atOnce) {
                        byte[] buffer = new byte[4096];
                        int length = socket.getInputStream().read(buffer);
                        self.heard.complete(new String(buffer, 0, Math.max(length, 0), StandardCharsets.ISO_8859_1));
                    }
                    socket.getOutputStream().write(self.answer);
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                },
                answer);
    }

    static SpokenServer silent() throws IOException {
        return new SpokenServer((self, socket) -> socket.getInputStream().readAllBytes(), null);
    }

    static SpokenServer closes() throws IOException {
        return new SpokenServer((self, socket) -> {}, null);
    }

    static SpokenServer drips() throws IOException {
        return new SpokenServer(
                (self, socket) -> {
                    while (true) {
                        socket.getOutputStream().write('H');
                        Thread.sleep(20);
                    }
                },
                null);
    }

    /** From now on does not wait for the other side to speak. */
    void speakAtOnce() {
        atOnce = true;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** What the first connection said first. */
    String heard() {
        return heard.join();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
