package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names and labels, by which everything of an environment is found again. What labels cannot hold is an annotation. */
final class Labels {

    static final String ENVIRONMENT = "remotegpu.io/environment";
    static final String INSTALLATION = "remotegpu.io/installation";
    static final String NODE = "remotegpu.io/node";
    static final String TYPE = "remotegpu.io/type";
    static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    static final String NAME = "remotegpu.io/name";
    static final String OWNER = "remotegpu.io/owner";
    static final String SERVICES = "remotegpu.io/services";
    /** Tells this deployment's pod from another of the same environment. */
    static final String SPEC = "remotegpu.io/spec";

    /** Of all objects but the claim. */
    static String name(UUID id) {
        return "remotegpu-" + id;
    }

    static String claim(UUID id) {
        return "remotegpu-" + id + "-home";
    }

    /** What selects an environment's pod. */
    static Map<String, String> selector(UUID id, String installation) {
        return Map.of(ENVIRONMENT, id.toString(), INSTALLATION, installation);
    }

    /** What selects everything of the node. */
    static Map<String, String> selector(KubernetesDriverSettings settings) {
        return Map.of(INSTALLATION, settings.installation(), NODE, node(settings.node()));
    }

    /** Whether the object is of that environment and installation, on whichever node. */
    static boolean areOf(UUID id, String installation, HasMetadata object) {
        return labels(object).entrySet().containsAll(selector(id, installation).entrySet());
    }

    /** Whether the object is of that environment on the node that these settings are for. */
    static boolean areHere(UUID id, KubernetesDriverSettings settings, HasMetadata object) {
        return areOf(id, settings.installation(), object)
                && labels(object).entrySet().containsAll(selector(settings).entrySet());
    }

    /** The environment that the object belongs to. */
    static Optional<UUID> environment(HasMetadata object) {
        try {
            return Optional.ofNullable(labels(object).get(ENVIRONMENT)).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            // somebody else's use of our label
            return Optional.empty();
        }
    }

    /** A node's name as a label; those longer than labels may be end with a hash. */
    static String node(String name) {
        return name.length() <= 63
                ? name
                : name.substring(0, 54).replaceAll("[^a-z0-9]+$", "") + "-"
                        + HexFormat.of().toHexDigits(name.hashCode());
    }

    /** For example {@code ssh=22001 jupyter=22002}. */
    static String services(List<PortBinding> ports) {
        return ports.stream()
                .map(port -> port.service().wireName() + "=" + port.port())
                .collect(Collectors.joining(" "));
    }

    /** Reads what {@link #services} wrote, at that address. */
    static List<PortBinding> services(HasMetadata object, String address) {
        String text = annotation(object, SERVICES);
        return Arrays.stream((text == null ? "" : text).split(" ", -1))
                .filter(service -> !service.isEmpty())
                .map(service -> service.split("=", 2))
                .map(pair -> new PortBinding(Service.fromWireName(pair[0]), address, Integer.parseInt(pair[1])))
                .toList();
    }

    static @Nullable String annotation(HasMetadata object, String key) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(key);
    }

    private static Map<String, String> labels(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    private Labels() {}
}
