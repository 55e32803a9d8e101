package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Hosts that fall silent, are drained, or are gone for good, on a server that watches them every second. */
class HostWatchIT {

    private static final String REPORT = """
            {"cpu":8,"memory":"64Gi","deployment_modes":["docker"]}""";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Server server;
    private Api admin;

    @BeforeEach
    void start() {
        server = new Server(
                folder.resolve("home"),
                "unix://" + folder.resolve("nothing.sock"),
                // Heartbeats come every 10 seconds.
                Map.of("REMOTEGPU_HOSTWATCH_SILENCE", "15s", "REMOTEGPU_HOSTWATCH_EVERY", "1s"),
                "--simulate",
                "1x4");
        server.start();
        admin = server.api().register("admin");
    }

    @AfterEach
    void nothingStays() {
        server.close();
    }

    @Test
    void aSilentHostTakesNothingNewUntilItIsHeardOfAgain() {
        var token = admin.post("/hosts", """
                        {"id":"quiet","name":"quiet","ip_address":"127.0.0.1"}""").expect(201).text("token");
        admin.as(token).post("/hosts/quiet/heartbeat", REPORT).expect(200);
        assertThat(status("quiet")).isEqualTo("active");

        Eventually.until("it is quarantined", () -> status("quiet").equals("quarantined"));

        assertThat(host("quiet").path("status_reason").asString("")).isEqualTo("nothing was heard of it for 15 s");
        assertThat(status("sim-1")).isEqualTo("active");
        admin.as(token).post("/hosts/quiet/heartbeat", REPORT).expect(200);
        assertThat(status("quiet")).isEqualTo("active");
        assertThat(admin.get("/hosts/quiet/events")
                        .expect(200)
                        .body()
                        .path("items")
                        .toString())
                .contains("quarantined", "nothing was heard of it for 15 s");
    }

    @Test
    void whatWasOnALostHostHasFailedAlsoWhenTheServerIsKilledRightAfterTheWord() {
        var ran = UserEnvironment.running(admin, UserEnvironment.request("ran", "terminal", "simulated", 2));
        admin.post("/hosts/sim-1/lost", "").expect(200);
        server.kill();
        server.start();

        Eventually.until("it has failed", () -> ran.status().equals("failed"));
        assertThat(ran.look().path("failure").path("code").asString("")).isEqualTo("host_lost");
        Eventually.until(
                "the host is swept", () -> !host("sim-1").path("unswept").asBoolean());

        assertThat(status("sim-1")).isEqualTo("lost");
        assertThat(host("sim-1").path("environments")).isEmpty();
        admin.post("/hosts/sim-1/activate", "").expect(200);
        Eventually.until("it is active", () -> status("sim-1").equals("active"));
        UserEnvironment.running(admin, UserEnvironment.request("again", "terminal", "simulated", 4))
                .delete();
        ran.delete();
        assertThat(server.rows().heldBy(ran.id())).isEmpty();
        assertThat(server.rows().violations()).isEmpty();
    }

    @Test
    void aDrainStopsWhatRunsWhereItIsToldSo() {
        var environment = UserEnvironment.running(admin, UserEnvironment.request("ran", "terminal", "simulated", 1));
        admin.post("/hosts/sim-1/drain", "").expect(200);
        assertThat(host("sim-1").path("environments").path(0).path("name").asString(""))
                .isEqualTo("ran");
        assertThat(environment.status()).isEqualTo("running");

        admin.post("/hosts/sim-1/drain", "{\"environments\":\"stop\"}").expect(200);

        environment.await("stopped");
        assertThat(host("sim-1").path("environments").path(0).path("gpus")).isEmpty();
        admin.post("/hosts/sim-1/activate", "").expect(200);
        assertThat(environment.operate("start").path("status").asString("")).isEqualTo("running");
        environment.delete();
        assertThat(server.rows().violations()).isEmpty();
    }

    private JsonNode host(String id) {
        return admin.get("/hosts/" + id).expect(200).body();
    }

    private String status(String id) {
        return host(id).path("status").asString("");
    }
}
