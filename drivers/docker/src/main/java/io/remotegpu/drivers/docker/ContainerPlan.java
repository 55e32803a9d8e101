package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Driver;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.VolumeOptions;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the engine is asked to make for one deployment: pure translation, without the credentials.
 *
 * @param hash same deployment, same hash
 */
record ContainerPlan(
        String name,
        String image,
        String hostName,
        String hash,
        Map<String, String> labels,
        List<String> env,
        List<ExposedPort> exposedPorts,
        HostConfig hostConfig) {

    private static final String HOME = "/home/dev";
    private static final long NANOS_PER_CORE = 1_000_000_000L;

    static ContainerPlan of(Deployment deployment, DockerDriverSettings settings, GpuAccess access, DiskQuotas quotas) {
        check(deployment);
        EnvironmentSpec spec = deployment.spec();
        GpuAttachment gpus = GpuAttachment.of(deployment.gpus(), access, settings);
        String hash = DeploymentHash.of(deployment, gpus, settings);

        Map<String, String> labels = new TreeMap<>(Labels.of(deployment.id(), settings.installation()));
        labels.put(Labels.NAME, spec.name());
        labels.put(Labels.OWNER, deployment.owner());
        labels.put(Labels.TYPE, spec.type().wireName());
        labels.put(Labels.SERVICES, Labels.services(deployment.ports()));
        labels.put(Labels.SPEC, hash);

        Map<String, String> env = new TreeMap<>(spec.env());
        // Ours, whatever the user says: it would open GPUs that belong to others.
        env.put("NVIDIA_VISIBLE_DEVICES", gpus.visibleDevices());

        return new ContainerPlan(
                Labels.container(deployment.id()),
                spec.image(),
                spec.name(),
                hash,
                labels,
                env.entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .toList(),
                deployment.ports().stream().map(ContainerPlan::exposed).toList(),
                hostConfig(deployment, settings, gpus, quotas));
    }

    CreateContainerCmd asCommand(DockerClient client) {
        return client.createContainerCmd(image)
                .withName(name)
                .withHostName(hostName)
                .withLabels(labels)
                .withEnv(env)
                .withExposedPorts(exposedPorts)
                .withHostConfig(hostConfig);
    }

    private static HostConfig hostConfig(
            Deployment deployment, DockerDriverSettings settings, GpuAttachment gpus, DiskQuotas quotas) {
        EnvironmentSpec spec = deployment.spec();
        Ports published = new Ports();
        for (PortBinding port : deployment.ports()) {
            published.bind(exposed(port), Ports.Binding.bindIpAndPort(port.address(), port.port()));
        }
        // The engine makes the volume, with these labels, when it makes the container; an existing one it leaves alone.
        VolumeOptions volume = new VolumeOptions().withLabels(Labels.of(deployment.id(), settings.installation()));
        if (quotas.home()) {
            volume.withDriverConfig(new Driver()
                    .withName("local")
                    .withOptions(Map.of(DiskQuotas.SIZE, Long.toString(Math.max(1, spec.storage())))));
        }
        Mount home = new Mount()
                .withType(MountType.VOLUME)
                .withSource(Labels.volume(deployment.id()))
                .withTarget(HOME)
                .withVolumeOptions(volume);
        return HostConfig.newHostConfig()
                .withNetworkMode(settings.network())
                .withPortBindings(published)
                .withMounts(List.of(home))
                .withNanoCPUs(spec.cpu() * NANOS_PER_CORE)
                .withMemory(spec.memory())
                // memory and swap together: as much as memory alone, so none
                .withMemorySwap(spec.memory())
                .withShmSize(spec.memory() * settings.limits().sharedMemoryPercent() / 100)
                .withStorageOpt(
                        quotas.rest()
                                ? Map.of(
                                        DiskQuotas.SIZE,
                                        Long.toString(settings.limits().ephemeralStorage()))
                                : null)
                .withPidsLimit(settings.limits().processes())
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withDeviceRequests(gpus.requests())
                // comes back after the engine or the host was restarted
                .withRestartPolicy(RestartPolicy.unlessStoppedRestart())
                .withLogConfig(new LogConfig(
                        LogConfig.LoggingType.JSON_FILE, new HashMap<>(Map.of("max-size", "10m", "max-file", "3"))));
    }

    private static ExposedPort exposed(PortBinding port) {
        return ExposedPort.tcp(port.service().containerPort());
    }

    private static void check(Deployment deployment) {
        EnvironmentSpec spec = deployment.spec();
        if (deployment.gpus().size() != spec.gpu()) {
            throw invalid(
                    deployment,
                    spec.gpu() + " GPUs asked for, " + deployment.gpus().size() + " given");
        }
        List<Service> bound =
                deployment.ports().stream().map(PortBinding::service).sorted().toList();
        if (!bound.equals(spec.type().services().stream().sorted().toList())) {
            throw invalid(deployment, "services " + spec.type().services() + " need one port each, given are " + bound);
        }
    }

    private static DriverException invalid(Deployment deployment, String what) {
        return new DriverException(ErrorKind.INVALID_SPEC, "environment " + deployment.id() + ": " + what);
    }
}
