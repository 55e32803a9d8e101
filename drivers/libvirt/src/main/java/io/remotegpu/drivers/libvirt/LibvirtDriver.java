package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentActivity;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.LogPart;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.spi.probe.ServiceProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs each environment as one virtual machine with one disk, which stands on a base image and outlives stop and start.
 *
 * <p>A stopped environment has no domain, only its folder with the disk. The whole disk is the data: what a user installs
 * into the system is kept, too, and a newer base image changes new environments only. Must run on the host itself.
 * Thread-safe; keeps nothing that it could not find again at libvirt or on disk.
 */
public final class LibvirtDriver implements EnvironmentDriver, EnvironmentLogs, EnvironmentActivity, AutoCloseable {

    private final LibvirtDriverSettings settings;
    private final LibvirtEngine engine;
    private final Machines machines;
    private final MachineDeployment deployments;
    private final MachineReport report;

    public LibvirtDriver(LibvirtDriverSettings settings) {
        this.settings = settings;
        this.engine = new LibvirtEngine(settings);
        this.machines = new Machines(engine);
        this.deployments = new MachineDeployment(engine, machines, settings);
        this.report = new MachineReport(new ServiceProbe(settings.probeTimeout()));
    }

    /** What this driver talks to. */
    public LibvirtEngine engine() {
        return engine;
    }

    @Override
    public void deploy(Deployment deployment, Progress progress) {
        deployments.run(deployment, progress);
    }

    @Override
    public void stop(UUID id, Duration grace) {
        endMachine(id, graceFor(id, grace));
        try {
            // The secrets in it are of no use to a machine that is off; the next start brings new ones.
            Files.deleteIfExists(MachineFolder.of(settings, id).seed());
        } catch (IOException e) {
            throw FileErrors.explain("removing the seed of environment " + id, e);
        }
    }

    @Override
    public void remove(UUID id) {
        endMachine(id, Duration.ZERO);
        try {
            MachineFolder.of(settings, id).delete();
        } catch (IOException e) {
            throw FileErrors.explain("removing the disk of environment " + id, e);
        }
    }

    @Override
    public Observation observe(UUID id) {
        Optional<Machine> machine = ours(id);
        if (machine.isPresent()) {
            return report.of(machine.get());
        }
        return MachineFolder.of(settings, id).exists() ? Observation.stopped() : Observation.absent();
    }

    @Override
    public Set<UUID> list() {
        Set<UUID> ids = machines.all(settings.installation());
        ids.addAll(MachineFolder.all(settings));
        return ids;
    }

    @Override
    public List<String> logs(UUID id, int tail) {
        if (ours(id).isEmpty()) {
            return List.of();
        }
        try {
            return ConsoleLog.tail(MachineFolder.of(settings, id).console(), tail);
        } catch (IOException e) {
            throw FileErrors.explain("reading the console of environment " + id, e);
        }
    }

    /** The console of a stopped machine stays on disk, so its last words are read, too. */
    @Override
    public LogPart logsAfter(UUID id, @Nullable String position, int tail) {
        try {
            return ConsoleLog.after(MachineFolder.of(settings, id).console(), position, tail);
        } catch (IOException e) {
            throw FileErrors.explain("reading the console of environment " + id, e);
        }
    }

    /** Seen from the host: what a machine does with its GPUs, and what its notebook server says, is unknown. */
    @Override
    public Activity activity(UUID id) {
        return ours(id).filter(machine -> machine.active() && machine.metadata() != null)
                .map(machine -> new Activity(
                        OpenConnections.of(
                                Objects.requireNonNull(machine.metadata()).services()),
                        machines.cpuNanos(id),
                        null,
                        null))
                .orElseGet(Activity::unknown);
    }

    @Override
    public void close() {
        engine.close();
    }

    private void endMachine(UUID id, Duration grace) {
        if (ours(id).isPresent()) {
            machines.end(id, grace);
            machines.undefine(id);
        }
    }

    /** One that does not execute does not hear that it is to shut down. */
    private Duration graceFor(UUID id, Duration asked) {
        boolean hears = ours(id).map(machine -> machine.state().kind())
                .filter(MachineState.Kind::executes)
                .isPresent();
        return hears && asked.compareTo(settings.shutdownGrace()) < 0 ? settings.shutdownGrace() : asked;
    }

    private Optional<Machine> ours(UUID id) {
        return machines.find(id).filter(machine -> machine.belongsTo(settings.installation()));
    }
}
