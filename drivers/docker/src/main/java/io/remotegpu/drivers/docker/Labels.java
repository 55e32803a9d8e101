package io.remotegpu.drivers.docker;

import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names and labels, by which everything of an environment is found again. */
final class Labels {

    static final String ENVIRONMENT = "io.remotegpu.environment";
    static final String INSTALLATION = "io.remotegpu.installation";
    static final String NAME = "io.remotegpu.name";
    static final String OWNER = "io.remotegpu.owner";
    static final String TYPE = "io.remotegpu.type";
    static final String SERVICES = "io.remotegpu.services";
    /** Tells this deployment from another of the same environment. */
    static final String SPEC = "io.remotegpu.spec";

    static String container(UUID id) {
        return "remotegpu-" + id;
    }

    static String volume(UUID id) {
        return "remotegpu-" + id + "-home";
    }

    /** What every object of that environment carries. */
    static Map<String, String> of(UUID id, String installation) {
        return Map.of(ENVIRONMENT, id.toString(), INSTALLATION, installation);
    }

    /** Whether an object with these labels is that environment's, of that installation. */
    static boolean areOf(UUID id, String installation, @Nullable Map<String, String> labels) {
        return labels != null
                && labels.entrySet().containsAll(of(id, installation).entrySet());
    }

    /** The environment that an object with these labels belongs to. */
    static Optional<UUID> environment(Map<String, String> labels) {
        try {
            return Optional.ofNullable(labels.get(ENVIRONMENT)).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            // somebody else's use of our label
            return Optional.empty();
        }
    }

    /** For example {@code ssh=127.0.0.1:22001 jupyter=127.0.0.1:22002}. */
    static String services(List<PortBinding> ports) {
        return ports.stream()
                .map(port -> port.service().wireName() + "=" + port.address() + ":" + port.port())
                .collect(Collectors.joining(" "));
    }

    /** Reads what {@link #services} wrote. */
    static List<PortBinding> services(Map<String, String> labels) {
        return Arrays.stream(labels.getOrDefault(SERVICES, "").split(" ", -1))
                .filter(text -> !text.isEmpty())
                .map(Labels::service)
                .toList();
    }

    /** A container's id as people type it. */
    static String shortened(String containerId) {
        return containerId.substring(0, Math.min(12, containerId.length()));
    }

    private static PortBinding service(String text) {
        int equals = text.indexOf('=');
        int colon = text.lastIndexOf(':'); // an IPv6 address has more of them
        return new PortBinding(
                Service.fromWireName(text.substring(0, equals)),
                text.substring(equals + 1, colon),
                Integer.parseInt(text.substring(colon + 1)));
    }

    private Labels() {}
}
