package io.remotegpu.drivers.spi.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** Bytes to and from one socket, with one deadline over all of them and a bound on what is read. */
final class Conversation {

    private static final int MOST_BYTES = 64 * 1024;

    private final Socket socket;
    private final long deadline;

    Conversation(Socket socket, Duration timeout) {
        this.socket = socket;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    void connect(InetSocketAddress address) throws IOException {
        socket.connect(address, millisLeft());
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The first bytes that come: {@code count} of them, or fewer when the other side closes. */
    byte[] receive(int count) throws IOException {
        byte[] bytes = new byte[count];
        int length = 0;
        while (length < count) {
            // A read waits for one packet only, so what is left of the time is set anew before each.
            socket.setSoTimeout(millisLeft());
            int read = socket.getInputStream().read(bytes, length, count - length);
            if (read < 0) {
                break;
            }
            length += read;
        }
        return Arrays.copyOf(bytes, length);
    }

    /** Everything until the other side closes, cut where no honest answer is as long. */
    String receiveAll() throws IOException {
        return new String(receive(MOST_BYTES), StandardCharsets.ISO_8859_1);
    }

    private int millisLeft() throws SocketTimeoutException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("deadline passed");
        }
        return (int) Math.min(left, Integer.MAX_VALUE);
    }
}
