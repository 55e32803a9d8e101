package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A machine without any engine, with simulated hosts. */
class NoEngineIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Server server;
    private static Api admin;

    @BeforeAll
    static void start() {
        server = new Server(
                folder.resolve("home"),
                "unix://" + folder.resolve("nothing.sock"),
                Map.of("REMOTEGPU_IDLE_EVERY", "2s"),
                "--simulate",
                "2x4");
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

    /** At once, wherever it is looked at: who sees that it runs sees when it ends. */
    @Test
    void whatIsCreatedWithATimetableRunsWithItAndSaysWhatComes() {
        var zone = ZoneId.of("Asia/Kolkata");
        var stop = Instant.now().plus(Duration.ofHours(6)).truncatedTo(ChronoUnit.MINUTES);
        var start = stop.plus(Duration.ofHours(6));
        var request = UserEnvironment.request("timed", "terminal", "simulated", 0)
                .replaceFirst("}$", """
                        ,"max_lifetime":"12h","schedule":{"stop":"%s","start":"%s","time_zone":"%s"}}""".formatted(daily(stop, zone), daily(start, zone), zone));

        var created = admin.post("/environments", request, "Prefer", UserEnvironment.WAIT)
                .expect(202);
        var environment = UserEnvironment.of(admin, created);
        // The newest first.
        var listed = admin.get("/environments").expect(200).body().path("items").path(0);

        assertThat(List.of(created.body(), environment.look(), listed)).allSatisfy(view -> {
            assertThat(view.path("id")).isEqualTo(created.body().path("id"));
            assertThat(view.path("status").asString("")).isEqualTo("running");
            assertThat(view.path("max_lifetime").asString("")).isEqualTo("PT12H");
            assertThat(time(view.path("lifetime_ends_at")))
                    .isEqualTo(time(view.path("started_at")).plus(Duration.ofHours(12)));
            assertThat(time(view.path("schedule").path("next_stop"))).isEqualTo(stop);
            assertThat(time(view.path("schedule").path("next_start"))).isEqualTo(start);
        });
        environment.delete();
    }

    private static String daily(Instant moment, ZoneId zone) {
        var local = moment.atZone(zone);
        return local.getMinute() + " " + local.getHour() + " * * *";
    }

    private static Instant time(JsonNode field) {
        return Instant.parse(field.asString(""));
    }

    @Test
    void everyMetricOfTheAlertRulesAndTheDashboardIsExported() {
        var wanted = Monitoring.metrics();
        assertThat(wanted).contains("remotegpu_gpus", "disk_free_bytes", "http_server_requests_seconds_count");

        var held = UserEnvironment.running(admin, UserEnvironment.request("seen", "terminal", "simulated", 1));
        // How its GPU is used is there after the first look.
        Eventually.value(
                "all of " + wanted + " are exported",
                () -> wanted.stream().filter(name -> !admin.exports(name)).toList(),
                List::isEmpty);
        held.delete();
    }

    @Test
    void aRealPrometheusAsksEverythingAndTellsOfAGpuInError() {
        var held = UserEnvironment.running(admin, UserEnvironment.request("asked", "terminal", "simulated", 1));
        var token = admin.post("/users/me/tokens", """
                {"name":"prometheus","scopes":["read","admin"]}""").expect(201).text("token");
        var gpu = "/gpus/"
                + admin.get("/gpus?status=available")
                        .expect(200)
                        .body()
                        .path("items")
                        .path(0)
                        .path("id")
                        .asLong();
        try (var prometheus = new Prometheus(folder.resolve("prometheus"), server, token)) {
            Eventually.value("it sees the server", prometheus::targets, List.of("up")::equals);
            assertThat(Monitoring.panels())
                    .allSatisfy(expression ->
                            Eventually.until(expression + " has an answer", () -> prometheus.series(expression) > 0));
            var rules = Monitoring.rules();
            assertThat(rules).allSatisfy(prometheus::series);
            var healthy = Eventually.value(
                    "its rules were asked", prometheus::rules, seen -> !seen.isEmpty() && !seen.contains("unknown"));
            assertThat(healthy).hasSameSizeAs(rules).containsOnly("ok");

            assertThat(prometheus.firing()).doesNotContain("RemoteGpuGpuError");
            admin.send("PUT", gpu + "/status", "{\"status\":\"error\"}").expect(200);
            Eventually.until("it tells", () -> prometheus.firing().contains("RemoteGpuGpuError"));
            admin.send("PUT", gpu + "/status", "{\"status\":\"available\"}").expect(200);
            Eventually.until("it is over", () -> !prometheus.firing().contains("RemoteGpuGpuError"));
        }
        held.delete();
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

    /** Known secrets of every kind are searched for in all that a server leaves. */
    @Test
    void nothingSecretIsInRowsLogsOrHistories() throws IOException {
        var nobody = server.api();
        nobody.post("/users/register", """
                {"username":"keeper","email":"keeper@example.com","password":"geheim-Pass-17"}""").expect(201);
        nobody.post("/users/login", """
                {"username":"keeper","password":"falsch-Pass-18"}""").expect(401);
        var login = nobody.post("/users/login", """
                {"username":"keeper","password":"geheim-Pass-17"}""").expect(200).text("token");
        var keeper = nobody.as(login);
        var personal = keeper.post("/users/me/tokens", """
                {"name":"t","scopes":["read"]}""").expect(201).text("token");
        nobody.as(personal).get("/users/me").expect(200);
        var host = admin.post("/hosts", """
                {"id":"elsewhere","name":"n","ip_address":"10.0.0.1"}""").expect(201).text("token");
        nobody.as(host).post("/hosts/elsewhere/heartbeat", "{}").expect(422);

        var ide = UserEnvironment.running(keeper, UserEnvironment.request("open-to-see", "ide", "simulated", 0));
        var desktop = UserEnvironment.running(keeper, UserEnvironment.request("desk", "desktop", "simulated", 0));
        var secrets = new TreeMap<String, String>(Map.of(
                "password",
                "geheim-Pass-17",
                "wrong password",
                "falsch-Pass-18",
                "login token",
                login,
                "login token's signature",
                login.substring(login.lastIndexOf('.') + 1),
                "personal token",
                personal,
                "host's token",
                host,
                "installation's key",
                Files.readString(server.home().resolve("keys/installation.key")).strip()));
        for (var environment : List.of(ide, desktop)) {
            keeper.get("/environments/" + environment.id() + "/access")
                    .expect(200)
                    .body()
                    .path("services")
                    .forEach(service -> {
                        var url = service.path("url").asString("");
                        if (url.contains("token=")) {
                            secrets.put("Jupyter's token", url.substring(url.indexOf("token=") + 6));
                        }
                        if (service.hasNonNull("password")) {
                            secrets.put(
                                    "VNC's password", service.path("password").asString(""));
                        }
                    });
        }
        assertThat(secrets).containsKeys("Jupyter's token", "VNC's password");
        ide.operate("stop");
        ide.operate("start");
        var duringLife = Remains.of(server);
        ide.delete();
        desktop.delete();
        var afterwards = Remains.of(server);

        assertThat(duringLife.placesOf(secrets)).isEmpty();
        assertThat(afterwards.placesOf(secrets)).isEmpty();
        // The search finds what is there: the histories know the environment's name, as the rows do.
        assertThat(afterwards.placesOf(Map.of("name", "open-to-see")).get("name"))
                .contains("table environments")
                .anyMatch(place -> place.contains("/temporal/"));
    }

    private static void quota(long user, int gpus) {
        admin.post("/quotas", """
                {"user_id":%d,"cpu":8,"memory":"64Gi","gpu":%d,"storage":"100Gi","environment_quota":4}""".formatted(user, gpus)).expect(201);
    }
}
