package io.remotegpu.drivers.docker;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.PortBinding;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * Tells whether two deployments ask for the same compute. What only placed it (host, model, priority), what Docker cannot
 * limit (storage) and the credentials, which change without a new container, stay out; what our settings add is in.
 */
final class DeploymentHash {

    static String of(Deployment deployment, GpuAttachment attachment, DockerDriverSettings settings) {
        EnvironmentSpec spec = deployment.spec();
        MessageDigest digest = sha256();
        add(digest, "1"); // what follows, and its order
        add(digest, spec.name());
        add(digest, spec.type().wireName());
        add(digest, spec.image());
        add(digest, Integer.toString(spec.cpu()));
        add(digest, Long.toString(spec.memory()));
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
        add(digest, "gpus " + attachment.visibleDevices());
        attachment.requests().forEach(request -> {
            add(digest, String.valueOf(request.getDriver()));
            add(digest, String.valueOf(request.getDeviceIds()));
        });
        add(digest, settings.network());
        add(digest, Long.toString(settings.pidsLimit()));
        add(digest, Integer.toString(settings.sharedMemoryPercent()));
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
