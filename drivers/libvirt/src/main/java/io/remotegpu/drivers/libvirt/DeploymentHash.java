package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.PortBinding;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/**
 * Tells whether two deployments ask for the same machine. What only placed it (host, model, priority) and the credentials,
 * which a machine receives when it starts, stay out; what our settings add is in.
 */
final class DeploymentHash {

    static String of(
            Deployment deployment, List<PciAddress> gpus, Acceleration acceleration, LibvirtDriverSettings settings) {
        EnvironmentSpec spec = deployment.spec();
        MessageDigest digest = sha256();
        add(digest, "1"); // what follows, and its order
        add(digest, spec.name());
        add(digest, spec.type().wireName());
        add(digest, spec.image());
        add(digest, Integer.toString(spec.cpu()));
        add(digest, Long.toString(spec.memory()));
        add(digest, Long.toString(spec.storage()));
        new TreeMap<>(spec.env()).forEach((name, value) -> {
            add(digest, "env " + name);
            add(digest, value);
        });
        deployment.ports().stream()
                .sorted(Comparator.comparing(PortBinding::service))
                .forEach(port -> {
                    add(digest, port.service().wireName());
                    add(digest, port.address() + ":" + port.port());
                });
        gpus.forEach(gpu -> add(digest, "gpu " + gpu));
        add(digest, acceleration.name());
        add(digest, Boolean.toString(settings.isolated()));
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    /** With its length, so that no two lists of texts run together into the same bytes. */
    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private DeploymentHash() {}
}
