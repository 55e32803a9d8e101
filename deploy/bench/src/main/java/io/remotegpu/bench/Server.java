package io.remotegpu.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The server that is measured: one that runs, or one of our own with simulated hosts in a folder that goes away with it.
 */
final class Server implements AutoCloseable {

    private static final String SIMULATED = "8x8";
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration HOST = Duration.ofMinutes(1);
    private static final long STOP_SECONDS = 60;

    private final URI url;
    private final String temporal;
    private final String user;
    private final String password;
    private final @Nullable Process process;
    private final @Nullable Path home;

    private Server(
            URI url, String temporal, String user, String password, @Nullable Process process, @Nullable Path home) {
        this.url = url;
        this.temporal = temporal;
        this.user = user;
        this.password = password;
        this.process = process;
        this.home = home;
    }

    /** One that runs, and stays. */
    static Server running(URI url, String temporal, String user, String password) {
        return new Server(url, temporal, user, password, null, null);
    }

    /** One of our own, as the launcher starts it: with the JVM's cache that lies beside the jar. */
    static Server start(Path jar) throws InterruptedException {
        try {
            Path home = Files.createTempDirectory("remotegpu-bench");
            var command = new ArrayList<>(List.of(
                    // Should we be killed, it goes too.
                    "setpriv",
                    "--pdeathsig",
                    "TERM",
                    "--",
                    ProcessHandle.current().info().command().orElse("java"),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow"));
            Path cache = jar.resolveSibling("remotegpu.aot");
            if (Files.exists(cache)) {
                command.add("-XX:AOTCache=" + cache);
            }
            command.addAll(List.of(
                    "-jar",
                    jar.toString(),
                    "up",
                    "--simulate",
                    SIMULATED,
                    "--port",
                    Integer.toString(FreePort.at("127.0.0.1"))));
            var builder = new ProcessBuilder(command);
            builder.environment().put("REMOTEGPU_HOME", home.toString());
            Path console = home.resolve("console.log");
            builder.redirectErrorStream(true).redirectOutput(console.toFile());
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, home), "end of the server"));
            var state = awaitReady(process, home, console);
            URI url = URI.create(state.getProperty("api"));
            String password = UUID.randomUUID().toString();
            // The first user of an installation is its admin.
            Api.at(url)
                    .expect(
                            "POST",
                            "/users/register",
                            Map.of("username", "bench", "email", "bench@example.com", "password", password));
            return new Server(url, state.getProperty("temporal"), "bench", password, process, home);
        } catch (IOException e) {
            throw new BenchException("a server of our own cannot be started: " + e.getMessage(), e);
        }
    }

    private static Properties awaitReady(Process process, Path home, Path console)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        Path file = home.resolve("run").resolve("state");
        while (true) {
            var state = new Properties();
            if (Files.exists(file)) {
                try (var reader = Files.newBufferedReader(file)) {
                    state.load(reader);
                }
            }
            if ("ready".equals(state.getProperty("phase"))) {
                return state;
            }
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new BenchException("the server does not come up:\n" + Files.readString(console));
            }
            Thread.sleep(100);
        }
    }

    URI url() {
        return url;
    }

    /** Host and port of its Temporal. */
    String temporal() {
        return temporal;
    }

    Api admin() throws InterruptedException {
        return Api.at(url).loggedIn(user, password);
    }

    /** Returns when an active host offers that mode: the nodes of a cluster become hosts some time after the start. */
    void awaitHostOf(String mode) throws InterruptedException, MissingException {
        Api admin = admin();
        long deadline = System.nanoTime() + HOST.toNanos();
        while (true) {
            JsonNode hosts = admin.expect("GET", "/hosts?status=active&page_size=100", null)
                    .path("items");
            if (hosts.valueStream()
                    .flatMap(host -> host.path("deployment_modes").valueStream())
                    .anyMatch(offered -> offered.asString().equals(mode))) {
                return;
            }
            if (System.nanoTime() > deadline) {
                String why = hosts.valueStream()
                        .map(host -> host.path("facts").path(mode + "_trouble").asString(""))
                        .filter(trouble -> !trouble.isEmpty())
                        .findFirst()
                        .orElse("the server's log says more");
                throw new MissingException("no host of the server offers " + mode + ": " + why);
            }
            Thread.sleep(500);
        }
    }

    /** Its process, when it is our own. */
    @Nullable
    ProcessHandle process() {
        return process == null ? null : process.toHandle();
    }

    @Override
    public void close() {
        if (process != null && home != null) {
            end(process, home);
        }
    }

    private static synchronized void end(Process process, Path home) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Folders.delete(home);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
