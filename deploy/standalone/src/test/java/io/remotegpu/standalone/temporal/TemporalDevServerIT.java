package io.remotegpu.standalone.temporal;

import static io.remotegpu.standalone.child.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.remotegpu.standalone.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporalDevServerIT {

    private static String cli = "";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeAll
    static void findTheServer() {
        cli = System.getenv().getOrDefault("REMOTEGPU_TEST_TEMPORAL_CLI", "");
        if (cli.isEmpty()
                && ("all".equals(System.getenv("REMOTEGPU_TEST_REQUIRE")) || "true".equals(System.getenv("CI")))) {
            fail("REMOTEGPU_TEST_TEMPORAL_CLI is not set, and nothing may be missing");
        }
        assumeTrue(!cli.isEmpty(), "REMOTEGPU_TEST_TEMPORAL_CLI names no Temporal CLI");
    }

    @Test
    void aServerThatIsKilledIsStartedAgainOnTheSamePort() throws Exception {
        try (var server = server()) {
            server.start();
            String target = server.target();
            ProcessHandle process = process();

            process.destroyForcibly();

            until("it is back", () -> said.toString(StandardCharsets.UTF_8).contains("is back after"));
            assertThat(process().pid()).isNotEqualTo(process.pid());
            assertThat(server.target()).isEqualTo(target);
        }
        assertThat(ProcessHandle.allProcesses().filter(this::isOurs)).isEmpty();
    }

    @Test
    void takenPortsAreLeftToTheirHoldersAndTold() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(folder.resolve("port"), other.getLocalPort() + "\n");
            try (var server = server()) {
                server.start();
                assertThat(server.target()).isNotEqualTo("127.0.0.1:" + other.getLocalPort());
            }
        }
    }

    private TemporalDevServer server() throws Exception {
        var console = new Console(new PrintStream(said, true, StandardCharsets.UTF_8));
        return TemporalDevServer.in(Path.of(cli), folder, folder.resolve("logs"), console);
    }

    private ProcessHandle process() {
        return ProcessHandle.allProcesses()
                .filter(this::isOurs)
                .filter(process -> process.info()
                        .command()
                        .orElse("")
                        .endsWith(Path.of(cli).getFileName().toString()))
                .findFirst()
                .orElseThrow();
    }

    private boolean isOurs(ProcessHandle process) {
        return String.join(" ", process.info().arguments().orElse(new String[0]))
                .contains(folder.toString());
    }
}
