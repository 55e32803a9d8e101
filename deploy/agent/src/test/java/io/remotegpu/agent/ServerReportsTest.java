package io.remotegpu.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.remotegpu.activities.host.HostReport;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerReportsTest {

    private static final HostReport REPORT = new HostReport(
            "host-1",
            "machine",
            "10.0.0.1",
            "0.0.0.0",
            List.of(),
            Set.of(DeploymentMode.DOCKER),
            8,
            1,
            List.of(),
            Map.of());

    private final ByteArrayOutputStream words = new ByteArrayOutputStream();
    private final List<AgentException> ends = new ArrayList<>();
    private HttpServer server;
    private ServerClient client;
    private ServerReports reports;
    private int status = 200;
    private String body = "{\"status\":\"active\",\"contradictions\":[]}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        client = new ServerClient(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "host-1", "rgph_t", UUID.randomUUID());
        reports = new ServerReports(
                client, "host-1", new Console(new PrintStream(words, true, StandardCharsets.UTF_8)), ends::add);
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void aServerThatIsAwayIsSaidOnceAndSoIsItsReturn() {
        reports.report(REPORT);
        status = 503;
        reports.report(REPORT);
        reports.report(REPORT);
        status = 200;
        reports.report(REPORT);

        assertThat(words.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("does not answer", "503", "what runs here goes on"),
                        line -> assertThat(line).contains("answers again"));
        assertThat(ends).isEmpty();
    }

    @Test
    void anAgentThatWasReplacedEnds() {
        status = 409;
        body = "{\"detail\":\"Another agent has host 'host-1'.\"}";

        reports.report(REPORT);

        assertThat(ends)
                .singleElement()
                .satisfies(end -> assertThat(end).hasMessage("Another agent has host 'host-1'."));
    }

    @Test
    void aReportThatTheServerCannotTakeDoesNotEndTheAgent() {
        status = 422;
        body = "{\"detail\":\"gpus[0].model: must have 1 to 128 characters\"}";

        reports.report(REPORT);
        reports.report(REPORT);

        assertThat(ends).isEmpty();
        assertThat(words.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("gpus[0].model"));
    }

    @Test
    void whatContradictsTheServersRowsIsSaidOnce() {
        body = "{\"status\":\"active\",\"contradictions\":[\"GPU-1 is another host's\"]}";

        reports.report(REPORT);
        reports.report(REPORT);

        assertThat(words.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("GPU-1 is another host's"));
    }
}
