package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.PortBinding;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the cluster is asked to make for one deployment: pure translation.
 *
 * @param ingress null where nothing of it is published by name
 */
record EnvironmentManifests(
        PersistentVolumeClaim home,
        Secret credentials,
        NetworkPolicy network,
        Service ports,
        @Nullable Ingress ingress,
        Pod pod) {

    static EnvironmentManifests of(Deployment deployment, KubernetesDriverSettings settings) {
        check(deployment);
        return new EnvironmentManifests(
                home(deployment, settings),
                credentials(deployment, settings),
                NetworkManifest.of(deployment, settings),
                ServiceManifest.of(deployment, settings),
                ServiceManifest.ingress(deployment, settings),
                PodManifest.of(deployment, settings));
    }

    static Map<String, String> labels(Deployment deployment, KubernetesDriverSettings settings) {
        Map<String, String> labels = new TreeMap<>(Labels.selector(deployment.id(), settings.installation()));
        labels.put(Labels.NODE, Labels.node(settings.node()));
        labels.put(Labels.TYPE, deployment.spec().type().wireName());
        labels.put(Labels.MANAGED_BY, "remotegpu");
        return labels;
    }

    static ObjectMeta metadata(String name, Deployment deployment, KubernetesDriverSettings settings) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(settings.namespace())
                .withLabels(labels(deployment, settings))
                .build();
    }

    private static PersistentVolumeClaim home(Deployment deployment, KubernetesDriverSettings settings) {
        return new PersistentVolumeClaimBuilder()
                .withMetadata(metadata(Labels.claim(deployment.id()), deployment, settings))
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(settings.pods().storageClass())
                .withNewResources()
                .addToRequests(
                        "storage", new Quantity(Long.toString(deployment.spec().storage())))
                .endResources()
                .endSpec()
                .build();
    }

    /** The same files as every driver gives, see {@code deploy/images/README.md}. */
    private static Secret credentials(Deployment deployment, KubernetesDriverSettings settings) {
        Credentials known = deployment.credentials();
        Map<String, String> files = new TreeMap<>();
        files.put(
                "authorized_keys",
                encoded(known.authorizedKeys().stream().map(key -> key + "\n").collect(Collectors.joining())));
        String token = known.jupyterToken();
        if (token != null) {
            files.put("jupyter-token", encoded(token));
        }
        String password = known.password();
        if (password != null) {
            files.put("password", encoded(password));
        }
        return new SecretBuilder()
                .withMetadata(metadata(Labels.name(deployment.id()), deployment, settings))
                .withType("Opaque")
                .withData(files)
                .build();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void check(Deployment deployment) {
        EnvironmentSpec spec = deployment.spec();
        if (deployment.gpus().size() != spec.gpu()) {
            throw invalid(
                    deployment,
                    spec.gpu() + " GPUs asked for, " + deployment.gpus().size() + " given");
        }
        var bound =
                deployment.ports().stream().map(PortBinding::service).sorted().toList();
        List<io.remotegpu.drivers.spi.Service> offered =
                spec.type().services().stream().sorted().toList();
        if (!bound.equals(offered)) {
            throw invalid(deployment, "services " + offered + " need one port each, given are " + bound);
        }
    }

    private static DriverException invalid(Deployment deployment, String what) {
        return new DriverException(ErrorKind.INVALID_SPEC, "environment " + deployment.id() + ": " + what);
    }
}
