package io.remotegpu.drivers.simulated;

import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentActivity;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.LogPart;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One simulated host. Nothing runs and nothing listens; what was deployed, its data and its ports are remembered until
 * the process ends, so after a restart every environment is absent; or, with a folder, until they are removed.
 * Thread-safe.
 */
public final class SimulatedDriver implements EnvironmentDriver, EnvironmentLogs, EnvironmentActivity {

    private static final Activity UNUSED = new Activity(0, 0L, 0, new Activity.Jupyter(0, null));

    private final SimulatedDriverSettings settings;
    private final Faults faults;
    private final @Nullable EngineFolder folder;
    private final Map<UUID, Simulated> environments = new ConcurrentHashMap<>();

    /** Volume and container of one environment; the container comes and goes. */
    private static final class Simulated {
        final Map<String, String> files = new ConcurrentHashMap<>();
        volatile @Nullable SimulatedCompute made;
        /** As it came; absent after a restart. */
        volatile @Nullable Deployment deployment;

        volatile boolean started;
        volatile long answersFrom;
        volatile Activity activity = UNUSED;
        private @Nullable SimulatedLog log;

        synchronized SimulatedLog log(UUID id) {
            var current = log == null ? new SimulatedLog(id) : log;
            log = current;
            return current;
        }

        /** As that of a container that is removed. */
        synchronized void dropLog() {
            log = null;
        }
    }

    public SimulatedDriver() {
        this(SimulatedDriverSettings.defaults(), Faults.none());
    }

    public SimulatedDriver(SimulatedDriverSettings settings, Faults faults) {
        this.settings = settings;
        this.faults = faults;
        this.folder = null;
    }

    /** One that outlives its process, as a real engine does; the folder is its own. Only the files in volumes are lost. */
    public SimulatedDriver(SimulatedDriverSettings settings, Faults faults, Path folder) {
        this.settings = settings;
        this.faults = faults;
        this.folder = new EngineFolder(folder);
    }

    /** What the folder says, which another process may have changed. */
    private synchronized void read() {
        if (folder == null) {
            return;
        }
        var kept = folder.load();
        environments.keySet().retainAll(kept.keySet());
        kept.forEach((id, now) -> {
            var environment = environments.computeIfAbsent(id, _ -> new Simulated());
            if (environment.started != now.started() || !Objects.equals(environment.made, now.compute())) {
                environment.made = now.compute();
                environment.started = now.started();
                environment.answersFrom = System.nanoTime();
            }
        });
    }

    @Override
    public void deploy(Deployment deployment, Progress progress) {
        begin(DriverCall.DEPLOY, deployment.id());
        String image = deployment.spec().image();
        if (settings.missingImages().contains(image)) {
            throw new DriverException(ErrorKind.IMAGE_NOT_FOUND, "simulated: there is no image " + image);
        }
        progress.report("creating simulated environment " + deployment.id());
        Simulated environment = make(deployment);
        progress.report("starting simulated environment " + deployment.id());
        start(deployment, environment);
        faults.after(DriverCall.DEPLOY, deployment.id());
    }

    private synchronized Simulated make(Deployment deployment) {
        read();
        Simulated environment = environments.computeIfAbsent(deployment.id(), id -> new Simulated());
        var compute = SimulatedCompute.of(deployment);
        if (!compute.equals(environment.made)) {
            environment.started = false;
            environment.dropLog();
        }
        environment.made = compute;
        environment.deployment = deployment;
        keep(deployment.id(), environment);
        return environment;
    }

    @Override
    public void stop(UUID id, Duration grace) {
        begin(DriverCall.STOP, id);
        unmake(id);
        faults.after(DriverCall.STOP, id);
    }

    private synchronized void unmake(UUID id) {
        read();
        Simulated environment = environments.get(id);
        if (environment != null) {
            environment.started = false;
            environment.dropLog();
            environment.made = null;
            environment.deployment = null;
            keep(id, environment);
        }
    }

    @Override
    public void remove(UUID id) {
        begin(DriverCall.REMOVE, id);
        forget(id);
        faults.after(DriverCall.REMOVE, id);
    }

    private synchronized void forget(UUID id) {
        environments.remove(id);
        if (folder != null) {
            folder.remove(id);
        }
    }

    @Override
    public Observation observe(UUID id) {
        begin(DriverCall.OBSERVE, id);
        read();
        Observation seen = look(id);
        faults.after(DriverCall.OBSERVE, id);
        return seen;
    }

    @Override
    public Set<UUID> list() {
        begin(DriverCall.LIST, null);
        read();
        Set<UUID> ids = Set.copyOf(environments.keySet());
        faults.after(DriverCall.LIST, null);
        return ids;
    }

    @Override
    public List<String> logs(UUID id, int tail) {
        Simulated environment = environments.get(id);
        return tail < 1 || environment == null || !environment.started
                ? List.of()
                : environment.log(id).tail(tail);
    }

    @Override
    public LogPart logsAfter(UUID id, @Nullable String position, int tail) {
        read();
        Simulated environment = environments.get(id);
        return environment == null || !environment.started
                ? SimulatedLog.none(position)
                : environment.log(id).after(position, tail);
    }

    /** What runs there writes a line, if anything does. */
    public void print(UUID id, String line) {
        Simulated environment = environments.get(id);
        if (environment != null && environment.started) {
            environment.log(id).print(line);
        }
    }

    /** Nobody, unless {@link #use} says otherwise. */
    @Override
    public Activity activity(UUID id) {
        read();
        Simulated environment = environments.get(id);
        return environment == null || !environment.started ? Activity.unknown() : environment.activity;
    }

    /** From now on it is used like that, until it is removed or this process ends. */
    public void use(UUID id, Activity activity) {
        Simulated environment = environments.get(id);
        if (environment != null) {
            environment.activity = activity;
        }
    }

    /** What runs under that id now; for tests that compare it with what the database says. */
    public Optional<Deployment> running(UUID id) {
        Simulated environment = environments.get(id);
        return environment == null || !environment.started
                ? Optional.empty()
                : Optional.ofNullable(environment.deployment);
    }

    /** The files in the environment's home volume, by name; they outlive stop, and go with remove. */
    public Map<String, String> files(UUID id) {
        Simulated environment = environments.get(id);
        return environment == null ? Map.of() : environment.files;
    }

    private Observation look(UUID id) {
        Simulated environment = environments.get(id);
        if (environment == null) {
            return Observation.absent();
        }
        if (environment.made == null) {
            return Observation.stopped();
        }
        if (!environment.started) {
            return Observation.starting("its simulated container is made, but not started yet");
        }
        return System.nanoTime() - environment.answersFrom < 0
                ? Observation.starting("its simulated services do not answer yet")
                : Observation.running();
    }

    /** Published ports are the one thing of a host for which its environments compete at the engine. */
    private synchronized void start(Deployment deployment, Simulated environment) {
        read();
        if (environment.started) {
            return;
        }
        Set<String> taken = new HashSet<>();
        environments.values().forEach(other -> {
            SimulatedCompute running = other.made;
            if (other != environment && other.started && running != null) {
                taken.addAll(running.places());
            }
        });
        for (PortBinding port : deployment.ports()) {
            if (taken.contains(SimulatedCompute.place(port))) {
                throw DriverException.portTaken(
                        port.port(), "simulated: host port " + port.port() + " is in use by another environment", null);
            }
        }
        noteDoubledGpus(deployment, environment);
        environment.answersFrom = System.nanoTime() + settings.startUp().toNanos();
        environment.started = true;
        keep(deployment.id(), environment);
    }

    private void noteDoubledGpus(Deployment deployment, Simulated environment) {
        var made = environment.made;
        if (folder == null || made == null) {
            return;
        }
        environments.forEach((id, other) -> {
            var running = other.made;
            if (other != environment && other.started && running != null) {
                var both = new HashSet<>(running.gpus());
                both.retainAll(made.gpus());
                if (!both.isEmpty()) {
                    folder.doubled(deployment.id(), id, both);
                }
            }
        });
    }

    /** Not what was removed meanwhile: whoever makes that is late, and makes it of nothing. */
    private synchronized void keep(UUID id, Simulated environment) {
        if (folder != null && environments.get(id) == environment) {
            folder.keep(id, new EngineFolder.Kept(environment.made, environment.started));
        }
    }

    private void begin(DriverCall call, @Nullable UUID id) {
        faults.before(call, id);
        if (settings.latency().isZero()) {
            return;
        }
        try {
            Thread.sleep(settings.latency());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, "simulated call " + call + " was interrupted", e);
        }
    }
}
