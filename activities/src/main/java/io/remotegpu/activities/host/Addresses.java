package io.remotegpu.activities.host;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where this machine listens and where it is reached, as IP literals.
 *
 * @param bound may be {@code 0.0.0.0}, all of its addresses
 * @param reached never that
 */
public record Addresses(String bound, String reached) {

    /**
     * @param bind an address, or a name of one, of this machine
     * @throws IllegalArgumentException when there is no such address
     */
    public static Addresses of(String bind) {
        try {
            var address = InetAddress.getByName(bind);
            String literal = address.getHostAddress();
            return new Addresses(literal, address.isAnyLocalAddress() ? outward() : literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "--bind wants an address of this machine, or 0.0.0.0 for all; it got " + bind, e);
        }
    }

    /** For a URL. */
    public String typed() {
        return reached.contains(":") ? "[" + reached + "]" : reached;
    }

    /** The address that packets to elsewhere leave from; nothing is sent to find it. */
    private static String outward() {
        try (var socket = new DatagramSocket()) {
            // An address for documentation, which has a route wherever there is a default route.
            socket.connect(new InetSocketAddress("192.0.2.1", 9));
            String found = socket.getLocalAddress().getHostAddress();
            return socket.getLocalAddress().isAnyLocalAddress() ? "127.0.0.1" : found;
        } catch (IOException | java.io.UncheckedIOException e) {
            return "127.0.0.1";
        }
    }
}
