package io.remotegpu.db.alert;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/** Where alerts may be posted to, and where not, even by an administrator's word. */
public final class TargetAddress {

    private static final int MOST = 2000;
    private static final int HIGHEST_PORT = 65_535;

    /** Clouds tell a machine its secrets at these, beside the link-local one. */
    private static final Set<String> METADATA =
            Set.of("fd00:ec2:0:0:0:0:0:254", "100.100.100.200", "192.0.0.192", "168.63.129.16");

    /** {@link IllegalArgumentException} says what is wrong. */
    public static URI parse(String text) {
        if (text.length() > MOST) {
            throw new IllegalArgumentException("must have at most " + MOST + " characters");
        }
        URI uri;
        try {
            uri = new URI(text).parseServerAuthority();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("must be an address such as https://example.com/hook");
        }
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException("must begin with https:// or http://");
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > HIGHEST_PORT) {
            throw new IllegalArgumentException("must name a host, and a port from 1 to 65535 if any");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "must not have a user or password before the host: deliveries are signed with the secret");
        }
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("must not have a fragment (#…)");
        }
        return URI.create(uri.toASCIIString());
    }

    /**
     * Whether nothing is ever posted there: link-local addresses and those at which clouds tell a machine its secrets,
     * multicast and wildcard ones; and the server itself, unless a setting allows it.
     */
    public static boolean isClosed(InetAddress address, boolean loopbackToo) {
        return address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isMulticastAddress()
                || METADATA.contains(address.getHostAddress())
                || (loopbackToo && address.isLoopbackAddress());
    }

    private TargetAddress() {}
}
