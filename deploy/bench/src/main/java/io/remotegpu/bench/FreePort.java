package io.remotegpu.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A port that nothing listens at, for something that is about to. */
final class FreePort {

    static int at(String address) {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BenchException("no free port on " + address, e);
        }
    }

    private FreePort() {}
}
