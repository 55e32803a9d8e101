package io.remotegpu.drivers.spi.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.remotegpu.drivers.spi.Activity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the script says is real: it runs on this machine's shell. */
class ActivityScriptTest {

    private static final String KERNELS = """
            [{"id": "a", "name": "python3", "last_activity": "2026-11-23T10:00:00.5Z", "execution_state": "busy", "connections": 1},
             {"id": "b", "name": "python3", "last_activity": "2026-11-23T11:00:00Z", "execution_state": "idle", "connections": 0}]""";

    @TempDir
    Path folder;

    @Test
    void whatItSaysIsRead() {
        var seen = ActivityScript.read(List.of(
                "connections 2",
                "cpu 123456789000",
                "gpu 3",
                "gpu 97",
                "kernels " + KERNELS.replace("\n", ""),
                "terminals [{\"name\": \"1\", \"last_activity\": \"2026-11-23T12:30:00Z\"}]",
                "and a word that is none of its own"));
        assertThat(seen)
                .isEqualTo(new Activity(
                        2, 123_456_789_000L, 97, new Activity.Jupyter(1, Instant.parse("2026-11-23T12:30:00Z"))));
    }

    @Test
    void whatItDoesNotSayIsUnknown() {
        assertThat(ActivityScript.read(List.of())).isEqualTo(Activity.unknown());
        assertThat(ActivityScript.read(List.of("kernels ", "terminals ", "gpu [N/A]", "cpu x", "connections -1")))
                .isEqualTo(Activity.unknown());
        assertThat(ActivityScript.read(List.of("gpu 0", "gpu [N/A]")).gpuPercent())
                .as("one of its GPUs cannot be seen")
                .isNull();
        assertThat(ActivityScript.read(List.of("kernels [{\"execution_state\": \"idle\", \"last_activity\": \"99\"}]"))
                        .jupyter())
                .isNull();
    }

    @Test
    void aServerWithoutKernelsIsUnused() {
        assertThat(ActivityScript.read(List.of("kernels []", "terminals []")).jupyter())
                .isEqualTo(new Activity.Jupyter(0, null));
    }

    @Test
    void aKernelThatStartsIsBusyAndADeadOneIsNot() {
        assertThat(ActivityScript.read(List.of(
                                "kernels [{\"execution_state\": \"starting\"}, {\"execution_state\": \"dead\"}]"))
                        .jupyter())
                .isEqualTo(new Activity.Jupyter(1, null));
    }

    @Test
    void openConnectionsCountAsLongAsTheyAreOpen() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")), "this machine has no /proc/net/tcp");
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(run(0, server.getLocalPort()).connections()).isZero();
            try (var one = new Socket(server.getInetAddress(), server.getLocalPort());
                    var another = new Socket(server.getInetAddress(), server.getLocalPort())) {
                assertThat(one.isConnected() && another.isConnected()).isTrue();
                assertThat(run(0, server.getLocalPort()).connections()).isEqualTo(2);
            }
            assertThat(run(0, server.getLocalPort()).connections()).isZero();
        }
    }

    @Test
    void manyReadsOfAServerThatEndsEachConnectionAreUseAndOurOwnLooksAreNot() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")), "this machine has no /proc/net/tcp");
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            read(server, 3);
            assertThat(run(0, server.getLocalPort()).connections()).isZero();
            read(server, 9);
            assertThat(run(0, server.getLocalPort()).connections()).isGreaterThanOrEqualTo(4);
        }
    }

    private static void read(ServerSocket server, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (var reader = new Socket(server.getInetAddress(), server.getLocalPort())) {
                server.accept().close();
                assertThat(reader.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void theNotebookServerIsAskedWithItsToken() throws Exception {
        assumeTrue(hasCurl(), "this machine has no curl");
        Files.writeString(folder.resolve("token"), "secret");
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var known = "token secret".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            var answer = (exchange.getRequestURI().getPath().equals("/api/kernels") ? KERNELS : "[]")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 403, answer.length);
            try (var body = exchange.getResponseBody()) {
                body.write(answer);
            }
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            assertThat(run(port, 1).jupyter())
                    .isEqualTo(new Activity.Jupyter(1, Instant.parse("2026-11-23T11:00:00Z")));
            Files.writeString(folder.resolve("token"), "wrong");
            assertThat(run(port, 1).jupyter()).isNull();
        } finally {
            server.stop(0);
        }
        assertThat(run(1, 1).jupyter()).as("nobody answers").isNull();
    }

    @Test
    void theBusiestGpuCountsAndOneThatDoesNotTellMakesThemUnknown() throws Exception {
        var tool = folder.resolve("nvidia-smi");
        Files.writeString(tool, "#!/bin/sh\nprintf '3\\n41\\n'\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        assertThat(run(1, 1).gpuPercent()).isEqualTo(41);
        Files.writeString(tool, "#!/bin/sh\nprintf '3\\n[N/A]\\n'\n");
        assertThat(run(1, 1).gpuPercent()).isNull();
    }

    private Activity run(int jupyter, int port) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                        ActivityScript.command(folder.resolve("token").toString(), jupyter, port, List.of(port)))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return ActivityScript.read(out.lines().toList());
    }

    private static boolean hasCurl() throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v curl >/dev/null")
                        .start()
                        .waitFor()
                == 0;
    }
}
