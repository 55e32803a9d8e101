package io.remotegpu.drivers.spi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A short name for a list of texts, the same for the same list only: drivers write it beside what they made, to tell whether
 * another deployment asks for the same. What runs carries it, so the same texts must give the same name for ever. Not
 * thread-safe.
 */
public final class Fingerprint {

    private final MessageDigest digest = sha256();

    /** One more text. */
    public Fingerprint add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // With its length, so that no two lists of texts run together into the same bytes.
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
        return this;
    }

    /** Variables, in whatever order they are. */
    public Fingerprint addVariables(Map<String, String> variables) {
        new TreeMap<>(variables).forEach((name, value) -> add("env " + name).add(value));
        return this;
    }

    /** Ports, in whatever order they are. */
    public Fingerprint addPorts(List<PortBinding> ports) {
        ports.stream()
                .sorted(Comparator.comparing(PortBinding::service))
                .forEach(port -> add(port.service().wireName()).add(port.address() + ":" + port.port()));
        return this;
    }

    /** 32 hexadecimal digits; ends it. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
