package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A machine without any engine, with simulated hosts. */
class NoEngineIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Server server;
    private static Api admin;

    @BeforeAll
    static void start() {
        server = new Server(
                folder.resolve("home"), "unix://" + folder.resolve("nothing.sock"), Map.of(), "--simulate", "2x4");
        server.start();
        admin = server.api().register("admin");
    }

    @AfterAll
    static void nothingStays() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aRequestForDockerSaysThatNoHostOffersIt() {
        var refused = admin.post("/environments", UserEnvironment.request("term", "terminal", "docker", 0))
                .expect(409);

        assertThat(refused.text("code")).isEqualTo("no_capacity");
        assertThat(refused.text("detail") + refused.body().path("errors")).contains("docker");
        assertThat(admin.get("/environments").body().path("total").asInt()).isZero();
    }

    @Test
    void simulatedEnvironmentsLiveAndAreMarked() {
        var environment = UserEnvironment.running(admin, UserEnvironment.request("sim", "ide", "simulated", 2));

        assertThat(environment.look().path("simulated").asBoolean()).isTrue();
        assertThat(environment.gpuIndexes()).hasSize(2);
        environment.operate("stop");
        environment.operate("start");
        environment.delete();
        assertThat(server.rows().heldBy(environment.id())).isEmpty();
        assertThat(server.rows().violations()).isEmpty();
    }

    @Test
    void everyMetricOfTheAlertRulesAndTheDashboardIsExported() {
        var wanted = Monitoring.metrics();
        assertThat(wanted).contains("remotegpu_gpus", "disk_free_bytes", "http_server_requests_seconds_count");

        var exported = admin.metrics();

        assertThat(wanted)
                .allSatisfy(name -> assertThat(exported)
                        .as(name)
                        .anyMatch(line -> line.startsWith(name + "{") || line.startsWith(name + " ")));
    }

    @Test
    void theSameKeyIsTheSameEnvironment() {
        String request = UserEnvironment.request("once", "terminal", "simulated", 1);
        var first = admin.post("/environments", request, "Idempotency-Key", "k-once", "Prefer", UserEnvironment.WAIT)
                .expect(202);
        assertThat(first.text("status")).isEqualTo("running");
        assertThat(first.http().headers().firstValue("Preference-Applied")).contains("wait=60");

        var second = admin.post("/environments", request, "Idempotency-Key", "k-once")
                .expect(202);
        assertThat(second.text("id")).isEqualTo(first.text("id"));
        var other = admin.post(
                        "/environments",
                        UserEnvironment.request("twice", "terminal", "simulated", 1),
                        "Idempotency-Key",
                        "k-once")
                .expect(422);
        assertThat(other.text("code")).isEqualTo("idempotency_key_reused");
        UserEnvironment.of(admin, first).delete();
    }

    @Test
    void aRefusedRequestIsAdmittedUnderItsKeyOnceTheQuotaAllows() {
        var user = server.api().register("eve");
        long id = user.get("/users/me").expect(200).body().path("id").asLong();
        quota(id, 1);
        String request = UserEnvironment.request("later", "terminal", "simulated", 2);

        var refused = user.post("/environments", request, "Idempotency-Key", "k-later");
        assertThat(refused.text("code")).as(refused.body().toString()).isEqualTo("quota_exceeded");
        assertThat(user.get("/environments").body().path("total").asInt()).isZero();
        quota(id, 2);
        var admitted = user.post("/environments", request, "Idempotency-Key", "k-later", "Prefer", UserEnvironment.WAIT)
                .expect(202);
        assertThat(admitted.text("status")).isEqualTo("running");
        UserEnvironment.of(user, admitted).delete();
        assertThat(server.rows().violations()).isEmpty();
    }

    private static void quota(long user, int gpus) {
        admin.post("/quotas", """
                {"user_id":%d,"cpu":8,"memory":"64Gi","gpu":%d,"storage":"100Gi","environment_quota":4}""".formatted(user, gpus)).expect(201);
    }
}
