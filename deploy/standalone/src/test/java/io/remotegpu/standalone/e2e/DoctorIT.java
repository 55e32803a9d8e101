package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./remotegpu doctor} beside a server with simulated hosts: well, damaged, mended, and down. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DoctorIT {

    private record Verdict(int status, JsonNode report) {

        List<String> found(String state) {
            var found = new ArrayList<String>();
            for (var check : report.path("checks")) {
                if (check.path("state").asString("").equals(state)) {
                    found.add(check.path("area").asString("") + ": "
                            + check.path("what").asString(""));
                }
            }
            return found;
        }
    }

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Server server;
    private static Api admin;
    private static UserEnvironment environment;

    @BeforeAll
    static void start() {
        server = new Server(
                folder.resolve("home"),
                "unix://" + folder.resolve("nothing.sock"),
                Map.of("REMOTEGPU_RECONCILER_EVERY", "1s", "REMOTEGPU_RECONCILER_GRACE", "2s"),
                "--simulate",
                "2x4");
        server.start();
        admin = server.api().register("admin");
        environment = UserEnvironment.running(admin, UserEnvironment.request("sim", "terminal", "simulated", 1));
    }

    @AfterAll
    static void nothingStays() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    @Order(1)
    void aServerThatIsWellHasNothing() throws Exception {
        var verdict = doctor();
        assertThat(verdict.found("finding")).isEmpty();
        assertThat(verdict.found("unchecked")).isEmpty();
        assertThat(verdict.status()).isZero();
        assertThat(verdict.found("fine")).anyMatch(line -> line.startsWith("engines: those of sim-1, sim-2"));
    }

    @Test
    @Order(2)
    void whatIsWrongIsSaidWithWhatToDo() throws Exception {
        server.rows().damage("UPDATE hosts SET used_cpu = used_cpu + 1 WHERE id = 'sim-1'");
        var verdict = doctor();
        server.rows().damage("UPDATE hosts SET used_cpu = used_cpu - 1 WHERE id = 'sim-1'");

        assertThat(verdict.found("finding"))
                .singleElement()
                .asString()
                .startsWith("invariants: host sim-1 says")
                .contains("cores");
        assertThat(verdict.status()).isEqualTo(1);
        assertThat(verdict.report().toString()).contains("remedy");
    }

    @Test
    @Order(3)
    void whatTheReconcilerHealsIsGoneByItself() throws Exception {
        environment.operate("stop");
        server.rows()
                .damage("UPDATE gpus SET status = 'allocated', allocated_to = '" + environment.id()
                        + "' WHERE id = (SELECT min(id) FROM gpus)");

        Eventually.until(
                "the GPU is given back", () -> server.rows().violations().isEmpty());
        Workflows.awaitEnd(server.temporal(), environment.id());
        assertThat(admin.get("/reconciler/findings?environment_id=" + environment.id())
                        .body()
                        .path("total")
                        .asInt())
                .isPositive();
        environment.operate("start");
        environment.delete();
        Eventually.until("nothing is found", () -> doctor().status() == 0);
    }

    @Test
    @Order(4)
    void whatAHostDoesNotGuardIsAWarningUntilItDoes() throws Exception {
        var host =
                server.api().as(admin.post("/hosts", """
                        {"id": "h9", "name": "GPU Server 9", "ip_address": "192.168.1.9"}""").body().path("token").asString(""));
        var beat = "{\"cpu\": 8, \"memory\": \"64Gi\", \"deployment_modes\": [], \"facts\": {%s}}";
        host.post("/hosts/h9/heartbeat", beat.formatted("\"unguarded.docker.network\": \"the network is open\""));
        var verdict = doctor();
        assertThat(verdict.found("warning")).containsExactly("guards: host h9: the network is open");
        assertThat(verdict.found("finding")).isEmpty();
        assertThat(verdict.report().toString()).contains("What environments cannot reach");

        host.post("/hosts/h9/heartbeat", beat.formatted(""));
        assertThat(doctor().found("fine")).anyMatch(line -> line.startsWith("guards: no host says"));
        admin.delete("/hosts/h9");
    }

    @Test
    @Order(5)
    void aServerThatIsDownIsSaidToBe() throws Exception {
        server.close();
        var verdict = doctor();

        assertThat(verdict.status()).isEqualTo(2);
        assertThat(verdict.found("finding")).isEmpty();
        assertThat(verdict.found("unchecked"))
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .contains("api", "database", "temporal", "engines", "invariants");
    }

    private static Verdict doctor() throws IOException, InterruptedException {
        var builder = new ProcessBuilder(Needs.launcher().toString(), "doctor", "--json")
                .redirectError(folder.resolve("doctor.log").toFile());
        var variables = builder.environment();
        variables.keySet().removeAll(List.of("TEMPORAL_ADDRESS", "REMOTEGPU_DATABASE_URL"));
        variables.put("JAVA_HOME", System.getProperty("java.home"));
        variables.put("REMOTEGPU_HOME", server.home().toString());
        variables.put("REMOTEGPU_JAR", Needs.jar().toString());
        var process = builder.start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Verdict(process.waitFor(), JsonMapper.builder().build().readTree(said));
    }
}
