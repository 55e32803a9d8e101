package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Brings one machine up; each step leaves what the next call finds, so the same code continues after a crash at any line. */
final class MachineDeployment {

    private final LibvirtEngine engine;
    private final Machines machines;
    private final LibvirtDriverSettings settings;
    private final GpuPassthrough passthrough;

    MachineDeployment(LibvirtEngine engine, Machines machines, LibvirtDriverSettings settings) {
        this.engine = engine;
        this.machines = machines;
        this.settings = settings;
        this.passthrough = new GpuPassthrough(settings.gpuAddresses(), new PciDevices(settings.sysfs()));
    }

    void run(Deployment deployment, Progress progress) {
        MachinePlan.check(deployment);
        MachineFolder folder = MachineFolder.of(settings, deployment.id());
        List<PciAddress> gpus = passthrough.functions(deployment.gpus());
        BaseImage image = Files.exists(folder.disk())
                ? BaseImage.under(folder.disk())
                : BaseImage.find(settings.images(), deployment.spec().image());
        MachinePlan plan = MachinePlan.of(deployment, settings, image, gpus, engine.acceleration());
        String name = MachineNames.domain(deployment.id());

        Optional<Machine> existing = machines.find(deployment.id());
        if (existing.isPresent() && serves(existing.get(), plan)) {
            progress.report("machine " + name + " runs already");
            return;
        }
        progress.report("preparing the disk of " + name);
        passthrough.check(gpus);
        prepare(deployment, plan);
        passthrough.reset(gpus);
        progress.report("defining machine " + name);
        machines.define(deployment.id(), DomainXml.of(plan));
        progress.report("starting machine " + name);
        machines.start(deployment.id());
    }

    /** Whether the machine there is what was asked for, and goes on; when not, it is off afterwards. */
    private boolean serves(Machine machine, MachinePlan plan) {
        String name = MachineNames.domain(machine.id());
        if (!machine.belongsTo(settings.installation())) {
            throw new DriverException(
                    ErrorKind.CONFLICT,
                    "machine " + name + " exists, but is not of this installation ('" + settings.installation()
                            + "'): undefine it");
        }
        if (!machine.active()) {
            return false;
        }
        MachineMetadata metadata = machine.metadata();
        if (metadata != null && metadata.spec().equals(plan.metadata().spec())) {
            switch (machine.state().kind()) {
                case RUNNING, STARTING_UP -> {
                    return true;
                }
                case PAUSED_DISK_ERROR -> {
                    machines.resume(machine.id()); // the disk had been full; if it still is, this shows
                    return true;
                }
                case PAUSED_BY_HAND ->
                    throw new DriverException(
                            ErrorKind.CONFLICT,
                            "machine " + name + " was paused by hand: continue it by 'virsh resume " + name + "'");
                case PAUSED_OTHERWISE ->
                    throw new DriverException(
                            ErrorKind.OUTCOME_UNKNOWN,
                            "machine " + name + " is paused while libvirt works on it (reason "
                                    + machine.state().code() + ")");
                case ENDING, SLEEPING, OFF, OFF_FROM_WITHIN, OFF_BY_HAND, OFF_NOT_STARTED, CRASHED, GONE -> {
                    // a new start is as good
                }
            }
        }
        machines.end(machine.id(), settings.shutdownGrace());
        return false;
    }

    private static void prepare(Deployment deployment, MachinePlan plan) {
        MachineFolder folder = plan.folder();
        try {
            folder.create();
            Disk.ensure(folder, plan.image(), deployment.spec().storage());
            // Anew each time: keys that were added meanwhile count from this start on.
            folder.write(folder.seed(), Seed.of(deployment).asIso());
        } catch (IOException e) {
            throw FileErrors.explain("preparing the disk of " + MachineNames.domain(deployment.id()), e);
        }
    }
}
