package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Those of a trial, one for each mode. */
final class Engines implements Carried, AutoCloseable {

    private final List<Engine> engines = new ArrayList<>();

    /** Those that are started before one fails are cleared with it. */
    static Engines start(ChaosOptions options, Path work) throws IOException, InterruptedException {
        var started = new Engines();
        try {
            for (Mode mode : options.modes()) {
                started.engines.add(start(mode, options, work));
            }
            return started;
        } catch (ChaosException | IOException | InterruptedException e) {
            started.close();
            throw e;
        }
    }

    private static Engine start(Mode mode, ChaosOptions options, Path work) throws IOException, InterruptedException {
        return switch (mode) {
            case SIMULATED -> new SimulatedEngine(work.resolve("engines"));
            case DOCKER -> {
                Path script = Objects.requireNonNull(options.dockerScript());
                yield options.fullDisk()
                        ? DockerEngine.startOnDisk(script, work.resolve("docker.disk"))
                        : DockerEngine.start(script);
            }
            case K8S -> ClusterEngine.start(Objects.requireNonNull(options.kubeconfig()), work);
            case VM -> MachineEngine.start(Objects.requireNonNull(options.vmImages()));
        };
    }

    List<Engine> all() {
        return List.copyOf(engines);
    }

    /** Those that a server uses by itself: of its own machine. */
    List<Engine> here() {
        return engines.stream()
                .filter(engine -> engine.isOfAMachine() && engine.place().equals(Engine.Place.HERE))
                .toList();
    }

    /** Those that take an agent. */
    List<Engine> elsewhere() {
        return engines.stream()
                .filter(engine -> !engine.place().equals(Engine.Place.HERE))
                .toList();
    }

    /** Environment variables for API and workers. */
    Map<String, String> settings() {
        var settings = new HashMap<String, String>();
        engines.forEach(engine -> settings.putAll(engine.settings()));
        return settings;
    }

    void installation(String fingerprint) {
        engines.forEach(engine -> engine.installation(fingerprint));
    }

    @Override
    public Map<String, Boolean> environments() throws IOException, InterruptedException {
        var found = new TreeMap<String, Boolean>();
        for (Engine engine : engines) {
            engine.environments().forEach((id, runs) -> found.merge(id, runs, Boolean::logicalOr));
        }
        return found;
    }

    /** What has been cleared stays so. */
    @Override
    public synchronized void close() {
        try {
            for (Engine engine : List.copyOf(engines)) {
                engines.remove(engine);
                engine.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
