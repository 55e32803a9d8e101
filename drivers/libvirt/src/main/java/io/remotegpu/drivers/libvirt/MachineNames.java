package io.remotegpu.drivers.libvirt;

import java.util.UUID;

/** Names, by which everything of an environment is found again. */
final class MachineNames {

    /** Namespace of our element in a domain's metadata. */
    static final String NAMESPACE = "urn:remotegpu:environment:1";

    private static final String PREFIX = "remotegpu-";

    /** The domain's name; its UUID is the environment's id itself. */
    static String domain(UUID id) {
        return PREFIX + id;
    }

    static boolean looksLikeOurs(String domainName) {
        return domainName.startsWith(PREFIX);
    }

    /** The same address for the same environment, so that a guest recognises its network card. */
    static String mac(UUID id) {
        long bits = id.getLeastSignificantBits();
        // 52:54:00 is what QEMU's machines use
        return "52:54:00:%02x:%02x:%02x".formatted(bits >> 16 & 0xFF, bits >> 8 & 0xFF, bits & 0xFF);
    }

    private MachineNames() {}
}
