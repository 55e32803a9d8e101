package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPathBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressTLS;
import io.fabric8.kubernetes.api.model.networking.v1.IngressTLSBuilder;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.PortBinding;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How an environment is reached: pure translation. */
final class ServiceManifest {

    /** Ports of the one node only, and packets with the sender's own address. */
    static Service of(Deployment deployment, KubernetesDriverSettings settings) {
        return new ServiceBuilder()
                .withMetadata(EnvironmentManifests.metadata(Labels.name(deployment.id()), deployment, settings)
                        .edit()
                        .withAnnotations(annotations(settings.publication()))
                        .build())
                .withNewSpec()
                .withType(type(settings.publication()))
                .withExternalTrafficPolicy("Local")
                .withPublishNotReadyAddresses(
                        true) // whether a service answers is what we ask it, not what the kubelet thinks
                .withSelector(new TreeMap<>(Labels.selector(deployment.id(), settings.installation())))
                .withPorts(
                        deployment.ports().stream().map(ServiceManifest::port).toList())
                .endSpec()
                .build();
    }

    /** Null where nothing of it is published by name. */
    static @Nullable Ingress ingress(Deployment deployment, KubernetesDriverSettings settings) {
        if (!(settings.publication() instanceof Publication.Ingress publication)) {
            return null;
        }
        List<IngressRule> rules = deployment.ports().stream()
                .map(PortBinding::service)
                .filter(ServiceManifest::speaksHttp)
                .map(service -> new IngressRuleBuilder()
                        .withHost(publication.host(service, deployment.id()))
                        .withNewHttp()
                        .withPaths(path(deployment, service))
                        .endHttp()
                        .build())
                .toList();
        return rules.isEmpty() ? null : ingress(deployment, settings, publication, rules);
    }

    private static Ingress ingress(
            Deployment deployment,
            KubernetesDriverSettings settings,
            Publication.Ingress publication,
            List<IngressRule> rules) {
        return new IngressBuilder()
                .withMetadata(EnvironmentManifests.metadata(Labels.name(deployment.id()), deployment, settings)
                        .edit()
                        .withAnnotations(new TreeMap<>(publication.annotations()))
                        .build())
                .withNewSpec()
                .withIngressClassName(publication.className())
                .withTls(tls(publication, rules))
                .withRules(rules)
                .endSpec()
                .build();
    }

    private static List<IngressTLS> tls(Publication.Ingress publication, List<IngressRule> rules) {
        return publication.tlsSecret() == null
                ? List.of()
                : List.of(new IngressTLSBuilder()
                        .withHosts(rules.stream().map(IngressRule::getHost).toList())
                        .withSecretName(publication.tlsSecret())
                        .build());
    }

    private static HTTPIngressPath path(Deployment deployment, io.remotegpu.drivers.spi.Service service) {
        return new HTTPIngressPathBuilder()
                .withPath("/")
                .withPathType("Prefix")
                .withNewBackend()
                .withNewService()
                .withName(Labels.name(deployment.id()))
                .withNewPort()
                .withName(service.wireName())
                .endPort()
                .endService()
                .endBackend()
                .build();
    }

    private static boolean speaksHttp(io.remotegpu.drivers.spi.Service service) {
        return switch (service) {
            case JUPYTER, TENSORBOARD -> true;
            case SSH, RDP, VNC -> false;
        };
    }

    private static String type(Publication publication) {
        return switch (publication) {
            case Publication.NodePorts() -> "NodePort";
            case Publication.Ingress _ -> "NodePort";
            case Publication.LoadBalancer _ -> "LoadBalancer";
        };
    }

    private static Map<String, String> annotations(Publication publication) {
        return publication instanceof Publication.LoadBalancer balancer
                ? new TreeMap<>(balancer.annotations())
                : Map.of();
    }

    private static ServicePort port(PortBinding port) {
        return new ServicePortBuilder()
                .withName(port.service().wireName())
                .withProtocol("TCP")
                .withPort(port.service().containerPort())
                .withNewTargetPort(port.service().containerPort())
                .withNodePort(port.port())
                .build();
    }

    private ServiceManifest() {}
}
