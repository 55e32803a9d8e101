package io.remotegpu.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * An SSH server's first line: an engine's port proxy accepts before anything listens, so a connection proves nothing.
 *
 * @param pause between two looks
 * @param answer how long one look waits for the banner of who took the connection
 * @param patience until it must have been read
 */
record SshBanner(Duration pause, Duration answer, Duration patience) {

    /** Short, because packets to a node port without a pod are dropped, and the next one would be sent after a second. */
    private static final int CONNECT_MILLIS = 200;

    /** Returns when it was read. */
    void await(String host, int port) throws InterruptedException {
        if (!within(patience, host, port)) {
            throw new BenchException("no SSH banner at " + host + ":" + port + " within " + patience);
        }
    }

    /** Returns when it was read, or false when that took too long. */
    boolean within(Duration patience, String host, int port) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!answers(host, port)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(pause);
        }
        return true;
    }

    private boolean answers(String host, int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            socket.setSoTimeout((int) answer.toMillis());
            byte[] start = socket.getInputStream().readNBytes(4);
            return new String(start, StandardCharsets.US_ASCII).equals("SSH-");
        } catch (IOException e) {
            return false;
        }
    }
}
