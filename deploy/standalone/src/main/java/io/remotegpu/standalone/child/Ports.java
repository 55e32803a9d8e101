package io.remotegpu.standalone.child;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Ports on the loopback address, kept in a file so that what was noted down yesterday still holds today. */
public final class Ports {

    /**
     * The port that the file names, else the preferred one, else a free one; the file names it from then on.
     *
     * @param preferred 0 for any
     */
    public static int keep(Path file, int preferred) throws IOException {
        int port = read(file);
        if (port == 0 || !isFree(InetAddress.getLoopbackAddress(), port)) {
            port = preferred != 0 && isFree(InetAddress.getLoopbackAddress(), preferred) ? preferred : anyFree();
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, port + "\n");
        }
        return port;
    }

    /** Whether a server could listen there now. */
    public static boolean isFree(InetAddress address, int port) {
        try (var socket = new ServerSocket()) {
            // As servers do, or a connection of the last run in TIME_WAIT would count as taken.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether something accepts connections on that loopback port. */
    public static boolean accepts(int port) {
        try (var socket = new java.net.Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int anyFree() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int read(Path file) throws IOException {
        @Nullable String text = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : null;
        try {
            int port = text == null ? 0 : Integer.parseInt(text.strip());
            return port > 0 && port < 65536 ? port : 0;
        } catch (NumberFormatException e) {
            // Cut off in the middle of a write; any port will do.
            return 0;
        }
    }

    private Ports() {}
}
