package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code ./remotegpu chaos}: exit status 0 only if nothing leaked and nothing was given twice. */
public final class Chaos {

    /** The folder of PostgreSQL, of Temporal, and of what holds them. */
    private static final String SERVICES = "services";

    private static final int USAGE = 2;

    public static void main(String[] arguments) {
        int status;
        try {
            var options = ChaosOptions.parse(List.of(arguments));
            var report = run(options);
            report.print(System.out);
            if (options.json() != null) {
                report.write(options.json());
            }
            status = report.clean() ? 0 : 1;
        } catch (IllegalArgumentException e) {
            System.err.println("remotegpu chaos: " + e.getMessage());
            status = USAGE;
        } catch (ChaosException | IOException e) {
            System.err.println("remotegpu chaos: " + e.getMessage());
            status = 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            status = 1;
        }
        System.exit(status);
    }

    static Report run(ChaosOptions options) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("remotegpu-chaos").toRealPath();
        try (var engines = Engines.start(options, work)) {
            return run(options, work, engines);
        } catch (SQLException e) {
            throw new ChaosException("the database cannot be asked: " + e.getMessage(), e);
        } finally {
            if (options.keep()) {
                System.err.println("chaos: what happened is in " + work);
            } else {
                delete(work);
            }
        }
    }

    private static Report run(ChaosOptions options, Path work, Engines engines)
            throws IOException, SQLException, InterruptedException {
        var disk = options.fullDisk() ? MemoryDisk.at(work.resolve(SERVICES)) : null;
        try (disk) {
            return run(options, work, engines, disk);
        }
    }

    private static Report run(ChaosOptions options, Path work, Engines engines, @Nullable Disk disk)
            throws IOException, SQLException, InterruptedException {
        Files.createDirectories(work.resolve("engines"));
        Path steps = Files.createDirectories(work.resolve("steps"));
        long began = System.nanoTime();
        var settings = settings(options, work, steps);
        settings.putAll(engines.settings());
        var servers = new HashMap<>(settings);
        if (!options.apart()) {
            engines.here().forEach(engine -> servers.putAll(engine.hostSettings()));
        }
        var jar = Jar.with(options.serverJar(), options.hook(), work);
        try (var installation = installation(options, work, jar, engines, settings, servers)) {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> end(installation, engines, disk), "end of the processes"));
            installation.start();
            var database = new Database(installation.services());
            engines.installation(
                    database.ask("SELECT key_fingerprint FROM installation").getFirst());
            var recovery = new Recovery(
                    database, List.of(work.resolve("engines/faults.log"), work.resolve("steps/faults.log")));
            var faults = new Tally();
            var operations = new Tally();
            var accounts = new Accounts(installation.api().url(), options.users(), options.seed());
            installation.join(accounts.admin());
            var trial = new Trial(
                    options,
                    installation,
                    accounts,
                    new Breaker(installation, engines.all(), disk, recovery, faults),
                    new Audit(installation.api(), database, engines),
                    work,
                    faults,
                    operations);
            List<Boundaries.Crash> crashes = new ArrayList<>();
            List<SecondWorker.Crash> secondWorker = new ArrayList<>();
            double rest = 0;
            try {
                trial.breakEverything();
                rest = trial.awaitRest();
                if (options.boundaries()) {
                    crashes = new Boundaries(
                                    installation.api(),
                                    accounts.admin(),
                                    steps,
                                    options.modes().getFirst(),
                                    trial.findings())
                            .run(options.duration());
                    crashes.forEach(crash -> faults.add("crash " + crash.moment() + " a step"));
                }
                if (options.secondWorker()) {
                    secondWorker = new SecondWorker(
                                    jar, installation.api(), accounts.admin(), work, servers, trial.findings())
                            .run();
                    faults.add("crash of a second worker", secondWorker.size());
                }
                trial.deleteEverything();
            } catch (ChaosException e) {
                trial.findings().add(String.valueOf(e.getMessage()));
            }
            return new Report(
                    options,
                    faults.counts(),
                    operations.counts(),
                    recovery.goneOn(),
                    crashes,
                    secondWorker,
                    rest,
                    (System.nanoTime() - began) / 1e9,
                    trial.findings());
        }
    }

    private static Installation installation(
            ChaosOptions options,
            Path work,
            Jar jar,
            Engines engines,
            Map<String, String> settings,
            Map<String, String> servers) {
        Path services = work.resolve(SERVICES);
        if (options.apart()) {
            return new Apart(
                    work,
                    services,
                    jar,
                    Objects.requireNonNull(options.agentJar()),
                    engines.all(),
                    settings,
                    options.seed());
        }
        String simulated = options.modes().contains(Mode.SIMULATED) ? SimulatedEngine.HOSTS : "";
        var server = Server.whole(services, jar, simulated, servers);
        return new Together(
                server,
                engines.elsewhere().stream()
                        .map(engine -> new OwnHost(
                                engine,
                                work,
                                Objects.requireNonNull(options.agentJar()),
                                settings,
                                () -> server.state("temporal"),
                                () -> server.url().getAuthority()))
                        .toList());
    }

    /** Should we be ended ourselves. */
    private static void end(Installation installation, Engines engines, @Nullable Disk disk) {
        installation.close();
        engines.close();
        if (disk != null) {
            disk.close();
        }
    }

    private static Map<String, String> settings(ChaosOptions options, Path work, Path steps) {
        var settings = new HashMap<String, String>();
        // What heals by itself is to do so while one waits.
        settings.put("REMOTEGPU_RECONCILER_EVERY", "5s");
        settings.put("REMOTEGPU_RECONCILER_GRACE", "10s");
        settings.put("REMOTEGPU_CHAOS_STEPS", steps.toString());
        // Only those engines that are tried.
        settings.put("DOCKER_HOST", "unix://" + work + "/no-engine");
        if (options.temporalCli() != null) {
            settings.put("REMOTEGPU_TEMPORAL_CLI", options.temporalCli().toString());
        }
        return settings;
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private Chaos() {}
}
