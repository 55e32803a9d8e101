package io.remotegpu.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** An SSH server's first line: the engine's port proxy accepts before anything listens, so a connection proves nothing. */
final class SshBanner {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** Returns when it was read. */
    static void await(String host, int port) throws InterruptedException {
        if (!within(PATIENCE, host, port)) {
            throw new BenchException("no SSH banner at " + host + ":" + port + " within " + PATIENCE);
        }
    }

    /** Returns when it was read, or false when that took too long. */
    static boolean within(Duration patience, String host, int port) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!answers(host, port)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(PAUSE);
        }
        return true;
    }

    private static boolean answers(String host, int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 2000);
            socket.setSoTimeout(2000);
            byte[] start = socket.getInputStream().readNBytes(4);
            return new String(start, StandardCharsets.US_ASCII).equals("SSH-");
        } catch (IOException e) {
            return false;
        }
    }

    private SshBanner() {}
}
