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

    static final String SIMULATED = "4x8";
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
        DockerEngine docker = null;
        try {
            if (options.mode() == ChaosOptions.Mode.DOCKER) {
                docker = DockerEngine.start(
                        Objects.requireNonNull(options.dockerScript()), Objects.requireNonNull(options.outside()));
            }
            return run(options, work, docker);
        } catch (SQLException e) {
            throw new ChaosException("the database cannot be asked: " + e.getMessage(), e);
        } finally {
            if (docker != null) {
                docker.mend();
                docker.clear();
                docker.stop();
            }
            if (options.keep()) {
                System.err.println("chaos: what happened is in " + work);
            } else {
                delete(work);
            }
        }
    }

    private static Report run(ChaosOptions options, Path work, @Nullable DockerEngine docker)
            throws IOException, SQLException, InterruptedException {
        var disk = options.fullDisk() ? Disk.at(work.resolve(SERVICES)) : null;
        try (disk) {
            return run(options, work, docker, disk);
        }
    }

    private static Report run(ChaosOptions options, Path work, @Nullable DockerEngine docker, @Nullable Disk disk)
            throws IOException, SQLException, InterruptedException {
        Path engines = Files.createDirectories(work.resolve("engines"));
        Path steps = Files.createDirectories(work.resolve("steps"));
        long began = System.nanoTime();
        var settings = settings(options, work, engines, steps, docker);
        var jar = Jar.with(options.serverJar(), options.hook(), work);
        try (var installation = installation(options, work, jar, docker == null, settings)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(installation, disk), "end of the processes"));
            installation.start();
            var database = new Database(installation.services());
            if (docker != null) {
                docker.installation(
                        database.ask("SELECT key_fingerprint FROM installation").getFirst());
            }
            var recovery = new Recovery(database);
            var faults = new Tally();
            var operations = new Tally();
            var accounts = new Accounts(installation.api().url(), options.users(), options.seed());
            installation.join(accounts.admin());
            var trial = new Trial(
                    options,
                    installation,
                    accounts,
                    new Breaker(installation, docker, disk, recovery, faults),
                    new Audit(installation.api(), database, docker == null ? Carried.inFolder(engines) : docker),
                    work,
                    faults,
                    operations);
            List<Boundaries.Crash> crashes = new ArrayList<>();
            List<Double> secondWorker = new ArrayList<>();
            double rest = 0;
            try {
                trial.breakEverything();
                rest = trial.awaitRest();
                if (options.boundaries()) {
                    crashes = new Boundaries(
                                    installation.api(),
                                    accounts.admin(),
                                    steps,
                                    options.mode().word(),
                                    trial.findings())
                            .run(options.duration());
                    crashes.forEach(crash -> faults.add("crash " + crash.moment() + " a step"));
                }
                if (options.secondWorker()) {
                    secondWorker = new SecondWorker(
                                    jar, installation.api(), accounts.admin(), work, settings, trial.findings())
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
                    recovery.seconds(),
                    crashes,
                    secondWorker,
                    rest,
                    (System.nanoTime() - began) / 1e9,
                    trial.findings());
        }
    }

    private static Installation installation(
            ChaosOptions options, Path work, Jar jar, boolean simulated, Map<String, String> settings) {
        Path services = work.resolve(SERVICES);
        return options.apart()
                ? new Apart(
                        work,
                        services,
                        jar,
                        Objects.requireNonNull(options.agentJar()),
                        simulated,
                        settings,
                        options.seed())
                : new Together(Server.whole(services, jar, simulated ? SIMULATED : "", settings));
    }

    /** Should we be ended ourselves. */
    private static void end(Installation installation, @Nullable Disk disk) {
        installation.close();
        if (disk != null) {
            disk.close();
        }
    }

    private static Map<String, String> settings(
            ChaosOptions options, Path work, Path engines, Path steps, @Nullable DockerEngine docker) {
        var settings = new HashMap<String, String>();
        // What heals by itself is to do so while one waits.
        settings.put("REMOTEGPU_RECONCILER_EVERY", "5s");
        settings.put("REMOTEGPU_RECONCILER_GRACE", "10s");
        settings.put("REMOTEGPU_SIMULATED_FOLDER", engines.toString());
        settings.put("REMOTEGPU_CHAOS_STEPS", steps.toString());
        settings.put("DOCKER_HOST", docker == null ? "unix://" + work + "/no-engine" : docker.host());
        settings.put("REMOTEGPU_DOCKER_NETWORK", "rg-chaos");
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
