package io.remotegpu.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The server that is tried: our own, in a folder of its own, killed and started as often as it takes. */
final class Server implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(10);
    private static final String MAIN = "io.remotegpu.standalone.Standalone";

    private final Path home;
    private final int port;
    private final List<String> java;
    private final Map<String, String> environment;
    private final String simulate;
    private @Nullable Process process;

    /**
     * @param work where its data, its jar and its simulated engines are
     * @param simulate hosts and GPUs, for example {@code "4x8"}
     * @param settings further environment variables
     */
    Server(Path work, Path jar, Path hook, String simulate, Map<String, String> settings) throws InterruptedException {
        this.home = work.resolve("home");
        this.port = freePort();
        this.simulate = simulate;
        this.environment = new HashMap<>(settings);
        environment.put("REMOTEGPU_HOME", home.toString());
        environment.putIfAbsent("REMOTEGPU_LIBVIRT_URI", "off");
        String program = ProcessHandle.current().info().command().orElse("java");
        Path unpacked = unpack(program, jar, work);
        java = new ArrayList<>(
                List.of(program, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        Path cache = unpacked.resolveSibling("remotegpu.aot");
        if (Files.exists(cache)) {
            java.add("-XX:AOTCache=" + cache);
        }
        // The cache holds for a class path that begins like the one it was made with.
        java.addAll(List.of("-cp", unpacked + ":" + hook.toAbsolutePath(), MAIN));
    }

    /** A jar in one piece takes no further class path: its parts do. */
    private static Path unpack(String java, Path jar, Path work) throws InterruptedException {
        if (Files.isDirectory(jar.resolveSibling("lib"))) {
            return jar.toAbsolutePath();
        }
        Path app = work.resolve("app");
        run(new ProcessBuilder(
                java, "-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", app.toString()));
        return app.resolve(jar.getFileName());
    }

    private static void run(ProcessBuilder command) throws InterruptedException {
        try {
            var process = command.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new ChaosException(String.join(" ", command.command()) + " failed");
            }
        } catch (IOException e) {
            throw new ChaosException("cannot be started: " + e.getMessage(), e);
        }
    }

    /** Returns when it is ready; a server that does not come up ends the trial, for it is one of the findings. */
    synchronized void start() throws InterruptedException {
        try {
            Files.createDirectories(home);
            Files.deleteIfExists(home.resolve("run/state"));
            var command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "TERM", "--"));
            command.addAll(java);
            command.addAll(List.of("up", "--port", Integer.toString(port)));
            if (!simulate.isEmpty()) {
                command.addAll(List.of("--simulate", simulate));
            }
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(console().toFile()));
            builder.environment().keySet().removeAll(List.of("TEMPORAL_ADDRESS", "REMOTEGPU_DATABASE_URL"));
            builder.environment().putAll(environment);
            process = builder.start();
            process.getOutputStream().close();
            long deadline = System.nanoTime() + START.toNanos();
            while (!"ready".equals(state("phase"))) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new ChaosException("the server does not come up; its console ends:\n" + tail(console()));
                }
                Thread.sleep(50);
            }
        } catch (IOException e) {
            throw new ChaosException("the server cannot be started: " + e.getMessage(), e);
        }
    }

    /** {@code doctor}, on the running server. */
    Process doctor() throws IOException {
        var command = new ArrayList<>(java);
        command.add(1, "-XX:TieredStopAtLevel=1");
        command.addAll(List.of("doctor", "--json"));
        var builder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(console().toFile()));
        builder.environment().keySet().removeAll(List.of("TEMPORAL_ADDRESS", "REMOTEGPU_DATABASE_URL"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    Path home() {
        return home;
    }

    Processes processes() {
        return new Processes(home);
    }

    /** Its own process. */
    List<ProcessHandle> self() {
        return process == null ? List.of() : List.of(process.toHandle());
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Returns when no process works on the folder any more: what the server started ends with it. */
    void awaitNothingLeft() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        List<ProcessHandle> left = processes().all();
        while (!left.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new ChaosException("a minute after its end, of the server there is still "
                        + left.stream().map(Processes::commandLine).toList());
            }
            Thread.sleep(50);
            left = processes().all();
        }
    }

    /** What {@code ./remotegpu status} would read; empty when it is not there. */
    String state(String key) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(home.resolve("run/state"))) {
            properties.load(reader);
        } catch (IOException e) {
            return "";
        }
        return properties.getProperty(key, "");
    }

    private Path console() {
        return home.resolveSibling("console.log");
    }

    private static String tail(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    @Override
    public void close() {
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

    /** Below the ports that the system hands to outgoing connections: one of those could be taken while it is down. */
    private static int freePort() {
        var random = new Random();
        while (true) {
            int port = random.nextInt(10_000, 20_000);
            try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (IOException e) {
                // Taken: the next one may be free.
            }
        }
    }
}
