package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.util.List;

/**
 * What libvirt is asked to run for one deployment: pure translation, without the credentials.
 *
 * @param metadata what the domain says of its environment; its {@code spec} is the same for the same deployment
 * @param memory bytes
 * @param gpus every function of every card that is given, ordered
 * @param acceleration decided: not {@link Acceleration#AUTO}
 */
record MachinePlan(
        MachineMetadata metadata,
        int cpus,
        long memory,
        BaseImage image,
        MachineFolder folder,
        List<PortBinding> ports,
        List<PciAddress> gpus,
        Acceleration acceleration,
        boolean isolated) {

    static MachinePlan of(
            Deployment deployment,
            LibvirtDriverSettings settings,
            BaseImage image,
            List<PciAddress> gpus,
            Acceleration acceleration) {
        EnvironmentSpec spec = deployment.spec();
        var metadata = new MachineMetadata(
                deployment.id(),
                settings.installation(),
                spec.name(),
                deployment.owner(),
                spec.type().wireName(),
                DeploymentHash.of(deployment, gpus, acceleration, settings),
                deployment.ports());
        return new MachinePlan(
                metadata,
                spec.cpu(),
                spec.memory(),
                image,
                MachineFolder.of(settings, deployment.id()),
                deployment.ports(),
                gpus,
                acceleration,
                settings.isolated());
    }

    /** Refuses what no host could run. */
    static void check(Deployment deployment) {
        EnvironmentSpec spec = deployment.spec();
        if (deployment.gpus().size() != spec.gpu()) {
            throw refused(
                    ErrorKind.INVALID_SPEC,
                    deployment,
                    spec.gpu() + " GPUs asked for, " + deployment.gpus().size() + " given");
        }
        List<Service> bound =
                deployment.ports().stream().map(PortBinding::service).sorted().toList();
        if (!bound.equals(spec.type().services().stream().sorted().toList())) {
            throw refused(
                    ErrorKind.INVALID_SPEC,
                    deployment,
                    "services " + spec.type().services() + " need one port each, given are " + bound);
        }
        for (PortBinding port : deployment.ports()) {
            if (!port.address().matches("[0-9.]+")) {
                throw refused(
                        ErrorKind.UNSUPPORTED,
                        deployment,
                        "QEMU forwards from IPv4 addresses only, not from " + port.address()
                                + ": give the host an IPv4 address");
            }
        }
    }

    private static DriverException refused(ErrorKind kind, Deployment deployment, String what) {
        return new DriverException(kind, "environment " + deployment.id() + ": " + what);
    }
}
