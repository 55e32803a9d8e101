package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the driver says when no API server, or a broken one, is at the other end, and that it asks once. */
class ClusterUnreachableTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"deploy", "stop", "remove", "observe", "list", "logs"})
    void whereNobodyListensNothingWasDone(String call) throws IOException {
        int port;
        try (ServerSocket socket = listen()) {
            port = socket.getLocalPort();
        }
        assertKind(call, port, ErrorKind.ENGINE_UNAVAILABLE);
    }

    @Test
    void aServerThatIsBusyIsAskedOnce() throws Exception {
        var asked = new AtomicInteger();
        try (ServerSocket server = listen()) {
            Thread busy = Thread.startVirtualThread(() -> answerAll(server, asked));
            assertKind("list", server.getLocalPort(), ErrorKind.ENGINE_UNAVAILABLE);
            assertThat(asked).hasValue(1);
            server.close();
            busy.join();
        }
    }

    @Test
    void aServerThatNeverAnswersIsGivenUp() throws IOException {
        List<Socket> open = new ArrayList<>();
        try (ServerSocket server = listen()) {
            Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        open.add(server.accept());
                    }
                } catch (IOException e) {
                    // closed
                }
            });
            assertKind("observe", server.getLocalPort(), ErrorKind.OUTCOME_UNKNOWN);
        }
    }

    private static void answerAll(ServerSocket server, AtomicInteger asked) {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[8192]);
                    asked.incrementAndGet();
                    OutputStream out = socket.getOutputStream();
                    out.write("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void assertKind(String call, int port, ErrorKind kind) throws IOException {
        Path kubeconfig = folder.resolve("kubeconfig-" + port);
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: c, context: {cluster: c, user: u}}]
                current-context: c
                """.formatted(port));
        var settings = new ClusterSettings(kubeconfig, null, Duration.ofSeconds(2), Duration.ofSeconds(2));
        try (var cluster = new KubernetesCluster(settings);
                var driver = new KubernetesDriver(
                        cluster, KubernetesDriverSettings.defaults("environments", "node", "test"))) {
            assertThatThrownBy(() -> run(call, driver))
                    .isInstanceOfSatisfying(
                            DriverException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        }
    }

    private static void run(String call, KubernetesDriver driver) {
        UUID id = UUID.randomUUID();
        switch (call) {
            case "deploy" -> driver.deploy(EnvironmentManifestsTest.ide(), Progress.silent());
            case "stop" -> driver.stop(id, Duration.ofSeconds(1));
            case "remove" -> driver.remove(id);
            case "observe" -> driver.observe(id);
            case "list" -> driver.list();
            default -> driver.logs(id, 10);
        }
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    }
}
