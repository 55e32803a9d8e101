package io.remotegpu.standalone.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code ./remotegpu up} as people type it, on a folder and ports of its own; nothing of it outlives the test. */
final class Server implements AutoCloseable {

    private static final long START_SECONDS = 120;
    private static final long STOP_SECONDS = 60;

    private final Path home;
    private final int port = freePort();
    private final Map<String, String> environment;
    private final List<String> arguments;
    private final Thread lastResort = new Thread(this::killAll);
    private @Nullable Process process;

    /**
     * @param home becomes {@code REMOTEGPU_HOME}
     * @param dockerHost becomes {@code DOCKER_HOST}
     * @param settings further environment variables
     * @param arguments further words after {@code up}
     */
    Server(Path home, String dockerHost, Map<String, String> settings, String... arguments) {
        this.home = home;
        this.arguments = List.of(arguments);
        this.environment = new HashMap<>(settings);
        environment.put("REMOTEGPU_HOME", home.toString());
        environment.put("REMOTEGPU_JAR", Needs.jar().toString());
        environment.put("REMOTEGPU_TEMPORAL_CLI", Needs.temporalCli().toString());
        environment.put("DOCKER_HOST", dockerHost);
        // The machine that tests run on may have a libvirt of its own.
        environment.putIfAbsent("REMOTEGPU_LIBVIRT_URI", "off");
        // Networks are kept by the engine: one of our own can be removed afterwards.
        environment.put("REMOTEGPU_DOCKER_NETWORK", network());
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /** Returns when it says that it is ready. */
    Server start() {
        var command = new ArrayList<>(List.of(
                Needs.launcher().toString(),
                "up",
                "--no-install",
                "--no-images",
                "--no-training",
                "--port",
                Integer.toString(port)));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(console().toFile()));
        builder.environment().keySet().removeAll(List.of("TEMPORAL_ADDRESS", "REMOTEGPU_DATABASE_URL"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        try {
            Files.createDirectories(home);
            Files.deleteIfExists(home.resolve("run/state"));
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!"ready".equals(state("phase"))) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new AssertionError("it does not come up: " + read(console()));
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    Api api() {
        return new Api(url());
    }

    Path home() {
        return home;
    }

    String network() {
        return "rg-e2e-" + port;
    }

    /** Where its Temporal server is. */
    String temporal() {
        return state("temporal");
    }

    /** Where its PostgreSQL is, as {@code REMOTEGPU_DATABASE_URL} wants it. */
    String databaseUrl() {
        return "postgresql://remotegpu:"
                + read(home.resolve("postgres/password")).strip() + "@" + state("postgres") + "/remotegpu";
    }

    Rows rows() {
        return new Rows(
                state("postgres"), read(home.resolve("postgres/password")).strip());
    }

    /** As {@code kill -9}: it gets no chance to end anything. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Every process that works on our folder, whatever it calls itself. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(handle -> handle.pid() != ProcessHandle.current().pid())
                .filter(handle -> isOurs(Path.of("/proc/" + handle.pid())))
                .toList();
    }

    private boolean isOurs(Path proc) {
        try {
            // PostgreSQL's processes overwrite their command lines and environments, but stay in their folder.
            return Files.readSymbolicLink(proc.resolve("cwd")).startsWith(home)
                    || Files.readString(proc.resolve("environ"), java.nio.charset.StandardCharsets.ISO_8859_1)
                            .contains("REMOTEGPU_HOME=" + home + "\0");
        } catch (IOException e) {
            return false; // gone, or not ours to look at
        }
    }

    /** What {@code ./remotegpu status} would read. */
    private String state(String key) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(home.resolve("run/state"))) {
            properties.load(reader);
        } catch (IOException e) {
            return "";
        }
        return properties.getProperty(key, "");
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            try {
                process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        killAll();
        Runtime.getRuntime().removeShutdownHook(lastResort);
    }

    private void killAll() {
        processes().forEach(ProcessHandle::destroyForcibly);
    }

    private Path console() {
        return home.resolveSibling(home.getFileName() + ".log");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Below the ports that the system hands to outgoing connections: one of those could be taken before we listen. */
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 20_000);
            try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (BindException e) {
                // Taken: the next one may be free.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
