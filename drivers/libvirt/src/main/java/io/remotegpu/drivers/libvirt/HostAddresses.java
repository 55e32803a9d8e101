package io.remotegpu.drivers.libvirt;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** The addresses that ports can be opened at on this host. */
final class HostAddresses {

    /** @param literal an IPv4 address; a wildcard is always there */
    static boolean has(String literal) {
        try {
            InetAddress address = InetAddress.getByName(literal);
            return literal.isEmpty()
                    || address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (UnknownHostException e) {
            return false;
        } catch (SocketException e) {
            return true; // cannot be told: the port is the likelier reason
        }
    }

    private HostAddresses() {}
}
