package io.remotegpu.drivers.kubernetes;

import io.remotegpu.drivers.spi.Service;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How users reach the services of environments. Whatever it is, every service is at its leased node port, too: there the
 * workers ask whether it answers.
 */
public sealed interface Publication {

    /** At the leased ports of the node. */
    record NodePorts() implements Publication {}

    /**
     * At an address of its own, which the cluster's load balancer gives each environment, and at the services' own ports.
     *
     * @param annotations of each Kubernetes service, by which clusters set their load balancers up
     * @param patience how long the load balancer may take to give an address
     */
    record LoadBalancer(Map<String, String> annotations, Duration patience) implements Publication {

        public LoadBalancer {
            annotations = Map.copyOf(annotations);
            if (!patience.isPositive()) {
                throw new IllegalArgumentException(
                        "Kubernetes driver: the load balancer's patience must be positive, not " + patience);
            }
        }
    }

    /**
     * Jupyter and TensorBoard by names, behind the cluster's ingress controller; all others at the leased ports of the node.
     *
     * @param hostPattern each service's name, with {@code {service}} and {@code {environment}} in it, for example
     *     {@code {service}-{environment}.gpu.example.org}; a DNS entry for all of them leads to the controller
     * @param className of the controller; null for the cluster's default
     * @param tlsSecret names a certificate for all of these names, in the namespace of the environments; null for HTTP
     *     without TLS
     * @param annotations of each ingress, by which controllers are set up
     */
    record Ingress(
            String hostPattern,
            @Nullable String className,
            @Nullable String tlsSecret,
            Map<String, String> annotations) implements Publication {

        private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

        public Ingress {
            annotations = Map.copyOf(annotations);
            String sample = host(hostPattern, Service.TENSORBOARD, new UUID(-1, -1));
            if (!hostPattern.contains("{service}")
                    || !hostPattern.contains("{environment}")
                    || sample.length() > 253
                    || !sample.matches(LABEL + "(\\." + LABEL + ")+")) {
                throw new IllegalArgumentException(
                        "Kubernetes driver: the ingress's host must be a DNS name with {service} and {environment} in it,"
                                + " such as {service}-{environment}.gpu.example.org, not '" + hostPattern + "'");
            }
        }

        String host(Service service, UUID id) {
            return host(hostPattern, service, id);
        }

        private static String host(String pattern, Service service, UUID id) {
            return pattern.replace("{service}", service.wireName()).replace("{environment}", id.toString());
        }
    }

    /** {@code key=value}, as {@code kubectl annotate} takes it. */
    static Map<String, String> annotations(Iterable<String> texts) {
        Map<String, String> annotations = new TreeMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "Kubernetes driver: an annotation is written key=value, not '" + text + "'");
            }
            annotations.put(text.substring(0, equals), text.substring(equals + 1));
        }
        return annotations;
    }
}
