package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.PortBinding;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What reaches an environment, and what it reaches: its services from everywhere, everything but the cloud's metadata and
 * the closed networks, and names everywhere. Holds where the cluster's network enforces policies.
 */
final class NetworkManifest {

    private static final int DNS = 53;

    /** Where clouds tell a node its secrets, by IPv4 and IPv6: closed whatever the settings say. */
    private static final List<String> METADATA = List.of("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128");

    static NetworkPolicy of(Deployment deployment, KubernetesDriverSettings settings) {
        return new NetworkPolicyBuilder()
                .withMetadata(EnvironmentManifests.metadata(Labels.name(deployment.id()), deployment, settings))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(new TreeMap<>(Labels.selector(deployment.id(), settings.installation())))
                .endPodSelector()
                .withPolicyTypes("Ingress", "Egress")
                .addNewIngress()
                .withPorts(deployment.ports().stream()
                        .map(PortBinding::service)
                        .map(service -> port("TCP", service.containerPort()))
                        .toList())
                .endIngress()
                .addNewEgress()
                .withTo(everywhereBut(settings.pods().closedNetworks()))
                .endEgress()
                .addNewEgress()
                .withPorts(port("UDP", DNS), port("TCP", DNS))
                .endEgress()
                .endSpec()
                .build();
    }

    private static List<NetworkPolicyPeer> everywhereBut(List<String> closed) {
        return Stream.of("0.0.0.0/0", "::/0")
                .map(all -> new NetworkPolicyPeerBuilder()
                        .withNewIpBlock()
                        .withCidr(all)
                        .withExcept(Stream.concat(METADATA.stream(), closed.stream())
                                .distinct()
                                .filter(network -> network.contains(":") == all.contains(":"))
                                .toList())
                        .endIpBlock()
                        .build())
                .toList();
    }

    private static NetworkPolicyPort port(String protocol, int port) {
        return new NetworkPolicyPortBuilder()
                .withProtocol(protocol)
                .withPort(new IntOrString(port))
                .build();
    }

    private NetworkManifest() {}
}
