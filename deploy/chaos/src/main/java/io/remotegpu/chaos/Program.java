package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process of ours with what it starts, in a folder of its own, killed and started as often as it takes. */
abstract class Program implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(10);
    /** What looks after processes on real machines waits like this before it starts one again. */
    private static final Duration SUPERVISION = Duration.ofMillis(500);

    private final Path home;
    private final List<String> command;
    private final Map<String, String> environment;
    private final boolean supervised;
    private @Nullable Process process;

    /**
     * @param home becomes {@code REMOTEGPU_HOME}
     * @param settings further environment variables
     * @param supervised whether a start that fails is tried again, as systemd does, or ends the trial
     */
    Program(Path home, List<String> command, Map<String, String> settings, boolean supervised) {
        this.home = home;
        this.command = List.copyOf(command);
        this.environment = new HashMap<>(settings);
        this.supervised = supervised;
        environment.put("REMOTEGPU_HOME", home.toString());
        environment.putIfAbsent("REMOTEGPU_LIBVIRT_URI", "off");
    }

    /** Whatever said that it was ready the last time says so no more. */
    abstract void forget() throws IOException;

    abstract boolean isReady();

    /** In reports, and of its files. */
    final String name() {
        return String.valueOf(home.getFileName());
    }

    /** Returns when it is ready; one that does not come up ends the trial, for that is one of the findings. */
    final synchronized void start() throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        try {
            launch();
            while (!isReady()) {
                boolean ended = !isAlive();
                if (System.nanoTime() > deadline || (ended && !supervised)) {
                    throw new ChaosException(name() + " does not come up; its console ends:\n" + tail(console()));
                }
                if (ended) {
                    Thread.sleep(SUPERVISION);
                    awaitNothingLeft();
                    launch();
                }
                Thread.sleep(50);
            }
        } catch (IOException e) {
            throw new ChaosException(name() + " cannot be started: " + e.getMessage(), e);
        }
    }

    private void launch() throws IOException {
        Files.createDirectories(home);
        forget();
        var line = new ArrayList<>(List.of("setpriv", "--pdeathsig", "TERM", "--"));
        line.addAll(command);
        process = builder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(console().toFile()))
                .start();
        process.getOutputStream().close();
    }

    /** A command in this one's environment. */
    final ProcessBuilder builder(List<String> line) {
        var builder = new ProcessBuilder(line);
        builder.environment().keySet().removeAll(List.of("TEMPORAL_ADDRESS", "REMOTEGPU_DATABASE_URL"));
        builder.environment().putAll(environment);
        return builder;
    }

    final Path home() {
        return home;
    }

    final Processes processes() {
        return new Processes(home);
    }

    /** Its own process. */
    final List<ProcessHandle> self() {
        return process == null ? List.of() : List.of(process.toHandle());
    }

    final boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Returns when no process works on the folder any more: what it started ends with it. */
    final void awaitNothingLeft() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        List<ProcessHandle> left = processes().all();
        while (!left.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new ChaosException("a minute after its end, of " + name() + " there is still "
                        + left.stream().map(Processes::commandLine).toList());
            }
            Thread.sleep(50);
            left = processes().all();
        }
    }

    final Path console() {
        return home.resolveSibling(name() + ".log");
    }

    private static String tail(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    @Override
    public final void close() {
        var running = process;
        if (running != null) {
            running.destroy();
            try {
                running.waitFor(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        // The youngest first: shells see that what they hold is gone.
        processes().all().stream().sorted(Comparator.reverseOrder()).forEach(ProcessHandle::destroyForcibly);
    }
}
