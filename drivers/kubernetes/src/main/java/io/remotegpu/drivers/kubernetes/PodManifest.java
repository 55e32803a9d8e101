package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.PortBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The pod of one deployment: pure translation, without the credentials. */
final class PodManifest {

    static final String CONTAINER = "environment";

    private static final String EPHEMERAL_STORAGE = "ephemeral-storage";
    private static final long USER = 1000;
    /** Octal 0440: owned by root, read through the pod's group. */
    private static final int READABLE_BY_GROUP = 0440;

    static Pod of(Deployment deployment, KubernetesDriverSettings settings) {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName(Labels.name(deployment.id()))
                .withNamespace(settings.namespace())
                .withLabels(EnvironmentManifests.labels(deployment, settings))
                .withAnnotations(annotations(deployment))
                .endMetadata()
                .withSpec(spec(deployment, settings))
                .build();
        pod.getMetadata().getAnnotations().put(Labels.SPEC, ManifestHash.of(pod));
        return pod;
    }

    private static Map<String, String> annotations(Deployment deployment) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(Labels.NAME, deployment.spec().name());
        annotations.put(Labels.OWNER, deployment.owner());
        annotations.put(Labels.SERVICES, Labels.services(deployment.ports()));
        return annotations;
    }

    private static PodSpec spec(Deployment deployment, KubernetesDriverSettings settings) {
        EnvironmentSpec spec = deployment.spec();
        PodSettings pods = settings.pods();
        return new PodSpecBuilder()
                .withHostname(spec.name())
                .withRestartPolicy("Always") // comes back after the node was restarted
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false) // other services' addresses are no business of the user's processes
                .withRuntimeClassName(pods.runtimeClass())
                .withImagePullSecrets(pods.pullSecrets().stream()
                        .map(LocalObjectReference::new)
                        .toList())
                .withAffinity(only(settings.node()))
                .withTolerations(tolerations(pods))
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch") // a large home folder is not walked at every start
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withContainers(container(deployment, pods))
                .addNewVolume()
                .withName("home")
                .withNewPersistentVolumeClaim(Labels.claim(deployment.id()), false)
                .endVolume()
                .addNewVolume()
                .withName("credentials")
                .withNewSecret()
                .withSecretName(Labels.name(deployment.id()))
                .withDefaultMode(READABLE_BY_GROUP)
                .endSecret()
                .endVolume()
                .addNewVolume()
                .withName("shared-memory")
                .withNewEmptyDir()
                .withMedium("Memory")
                .withSizeLimit(bytes(spec.memory() * pods.sharedMemoryPercent() / 100))
                .endEmptyDir()
                .endVolume()
                .build();
    }

    private static Container container(Deployment deployment, PodSettings pods) {
        Map<String, Quantity> resources = resources(deployment, pods);
        // A request of its own, which would else be as large as the limit: nodes have less than all their limits
        // together.
        Map<String, Quantity> requests = new TreeMap<>(resources);
        requests.put(EPHEMERAL_STORAGE, new Quantity("0"));
        Map<String, Quantity> limits = new TreeMap<>(resources);
        limits.put(EPHEMERAL_STORAGE, bytes(pods.ephemeralStorage()));
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(deployment.spec().image())
                .withImagePullPolicy("IfNotPresent")
                .withEnv(env(deployment))
                .withPorts(deployment.ports().stream().map(PodManifest::port).toList())
                .withNewResources()
                .withRequests(requests)
                .withLimits(limits)
                .endResources()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withPrivileged(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .addNewVolumeMount()
                .withName("home")
                .withMountPath("/home/dev")
                .endVolumeMount()
                .addNewVolumeMount()
                .withName("credentials")
                .withMountPath("/run/remotegpu")
                .withReadOnly(true)
                .endVolumeMount()
                .addNewVolumeMount()
                .withName("shared-memory")
                .withMountPath("/dev/shm")
                .endVolumeMount()
                .build();
    }

    private static Map<String, Quantity> resources(Deployment deployment, PodSettings pods) {
        Map<String, Quantity> resources = new TreeMap<>();
        resources.put("cpu", new Quantity(Integer.toString(deployment.spec().cpu())));
        resources.put("memory", bytes(deployment.spec().memory()));
        if (deployment.spec().gpu() > 0) {
            resources.put(
                    pods.gpuResource(),
                    new Quantity(Integer.toString(deployment.spec().gpu())));
        }
        return resources;
    }

    /** Which GPUs are visible is the device plugin's word, never the user's: it would open GPUs that belong to others. */
    private static List<EnvVar> env(Deployment deployment) {
        Map<String, String> env = new TreeMap<>(deployment.spec().env());
        env.remove("NVIDIA_VISIBLE_DEVICES");
        if (deployment.spec().gpu() == 0) {
            env.put("NVIDIA_VISIBLE_DEVICES", "void");
        }
        List<EnvVar> variables = new ArrayList<>();
        // "$(NAME)" would be replaced by the kubelet; "$$" is how a dollar sign is written
        env.forEach((name, value) -> variables.add(new EnvVar(name, value.replace("$", "$$"), null)));
        return variables;
    }

    private static ContainerPort port(PortBinding port) {
        return new ContainerPortBuilder()
                .withName(port.service().wireName())
                .withContainerPort(port.service().containerPort())
                .withProtocol("TCP")
                .build();
    }

    /** Affinity and not {@code nodeName}: so the scheduler still judges whether there is room, and says why not. */
    private static Affinity only(String node) {
        return new AffinityBuilder()
                .withNewNodeAffinity()
                .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                .addNewNodeSelectorTerm()
                .addNewMatchField()
                .withKey("metadata.name")
                .withOperator("In")
                .withValues(node)
                .endMatchField()
                .endNodeSelectorTerm()
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .build();
    }

    /** A node that does not answer keeps its pods: what runs there may still run, and its data is there. */
    private static List<Toleration> tolerations(PodSettings pods) {
        List<Toleration> tolerations = new ArrayList<>();
        for (String condition : List.of("not-ready", "unreachable")) {
            tolerations.add(new TolerationBuilder()
                    .withKey("node.kubernetes.io/" + condition)
                    .withOperator("Exists")
                    .withEffect("NoExecute")
                    .build());
        }
        for (PodToleration toleration : pods.tolerations()) {
            tolerations.add(new TolerationBuilder()
                    .withKey(toleration.key())
                    .withOperator(toleration.value() == null ? "Exists" : "Equal")
                    .withValue(toleration.value())
                    .withEffect(toleration.effect())
                    .build());
        }
        return tolerations;
    }

    private static Quantity bytes(long bytes) {
        return new Quantity(Long.toString(bytes));
    }

    private PodManifest() {}
}
