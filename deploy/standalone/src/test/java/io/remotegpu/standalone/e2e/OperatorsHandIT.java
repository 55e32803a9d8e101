package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Operations that hang because nobody carries a host's steps out, and what an operator does about them. */
class OperatorsHandIT {

    private static final String REPORT = """
            {"cpu":8,"memory":"64Gi","deployment_modes":["docker"]}""";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Server server;
    private Api admin;
    private Api quiet;

    /** A host that is heard of, but whose agent takes no step up. */
    @BeforeEach
    void start() {
        server = new Server(
                folder.resolve("home"),
                "unix://" + folder.resolve("nothing.sock"),
                // Heartbeats of simulated hosts come every 10 seconds.
                Map.of("REMOTEGPU_HOSTWATCH_SILENCE", "15s", "REMOTEGPU_HOSTWATCH_EVERY", "1s"),
                "--simulate",
                "1x4");
        server.start();
        admin = server.api().register("admin");
        quiet = admin.as(admin.post("/hosts", """
                        {"id":"quiet","name":"quiet","ip_address":"127.0.0.1"}""").expect(201).text("token"));
        quiet.post("/hosts/quiet/heartbeat", REPORT).expect(200);
    }

    @AfterEach
    void nothingStays() {
        server.close();
    }

    @Test
    void aCreateThatNoHostTakesUpIsAbortedByItsOwnerAndLeavesNothingOnceItsHostIsLost() {
        var owner = server.api().register("owner");
        var hangs = UserEnvironment.admitted(owner, UserEnvironment.request("hangs", "terminal", "docker", 0));
        var step = Eventually.value("its step waits", () -> step(hangs), each -> !each.isMissingNode());
        assertThat(step.path("name").asString("")).isEqualTo("deploy");
        assertThat(step.path("host_id").asString("")).isEqualTo("quiet");
        assertThat(step.path("state").asString("")).isEqualTo("waiting_for_host");
        assertThat(step.path("attempt").asInt()).isEqualTo(1);
        owner.post(hangs.path() + "/operation/retry", "").expect(403);

        owner.post(hangs.path() + "/operation/abort", "{\"reason\":\"not wanted\"}")
                .expect(202);
        Eventually.until(
                "it is being undone",
                () -> step(hangs).path("name").asString("").equals("remove"));
        var undoing = hangs.look();
        assertThat(undoing.path("status").asString("")).isEqualTo("failed");
        assertThat(undoing.path("operation").path("compensating").asBoolean()).isTrue();
        assertThat(undoing.path("failure").path("unreturned").toString()).contains("the deployment on quiet", "quota");
        assertThat(server.rows().heldBy(hangs.id())).contains("host quiet", "quota");
        // Nobody knows what the host has: it is waited for until somebody does.
        assertThat(owner.post(hangs.path() + "/operation/abort", "").status()).isEqualTo(202);
        admin.post("/hosts/quiet/lost", "").expect(200);
        Eventually.until(
                "it is over",
                () -> !hangs.look().path("operation").path("outcome").isNull());

        var aborted = owner.get(hangs.path()).expect(200);
        assertThat(aborted.text("status")).isEqualTo("failed");
        assertThat(aborted.body().path("failure").path("code").asString("")).isEqualTo("aborted");
        assertThat(aborted.body().path("failure").path("reason").asString(""))
                .isEqualTo("aborted by owner: not wanted");
        assertThat(server.rows().heldBy(hangs.id())).noneMatch(held -> !held.startsWith("secret"));
        assertThat(events(hangs)).contains("aborted", "by owner: not wanted");
        assertThat(owner.post(hangs.path() + "/operation/abort", "").expect(409).text("code"))
                .isEqualTo("no_operation");
        hangs.delete();
        assertThat(server.rows().violations()).isEmpty();
    }

    /** What docs/operations.md says of Temporal's CLI. */
    @Test
    void anOperatorDoesTheSameWithTemporalsCommandLine() throws Exception {
        var hangs = UserEnvironment.admitted(admin, UserEnvironment.request("hangs", "terminal", "docker", 0));
        Eventually.until("its step waits", () -> !step(hangs).isMissingNode());

        assertThat(temporal(hangs.id(), "retry", "{\"by\":\"olga\"}")).contains("a new attempt of 'deploy' on quiet");
        assertThat(temporal(hangs.id(), "retry", "{}")).contains("INVALID_REQUEST", "say who you are");
        assertThat(temporal(hangs.id(), "skip", "{\"by\":\"olga\"}")).contains("NOT_SKIPPABLE", "Abort it");
        assertThat(temporal(hangs.id(), "abort", "{\"by\":\"olga\",\"reason\":\"no agent\"}"))
                .contains("it is given up");

        admin.post("/hosts/quiet/lost", "").expect(200);
        Eventually.until(
                "it is over",
                () -> hangs.look()
                        .path("operation")
                        .path("outcome")
                        .asString("")
                        .equals("failed"));
        assertThat(events(hangs)).contains("retried", "by olga", "aborted", "by olga: no agent");
        hangs.delete();
    }

    @Test
    void aStopOnAHostWithoutItsAgentWaitsVisiblyKeepsWhatIsHeldAndEndsWhenTheAgentIsBack() {
        var engine = Needs.engine();
        Needs.agentJar();
        var token = admin.post("/hosts", """
                        {"id":"far","name":"far","ip_address":"127.0.0.1","port_min":33000,"port_max":33099}""").expect(201).text("token");
        try (var agent = agent(engine, token);
                var own = new Engine(engine, server.rows().installation(), server.network())) {
            agent.start().awaitServing();
            var environment = UserEnvironment.running(
                    admin,
                    UserEnvironment.request("far-off", "terminal", "docker", 0)
                            .replaceFirst("}$", ",\"host_id\":\"far\"}"));
            agent.kill();

            admin.post(environment.path() + "/stop", "").expect(202);
            Eventually.until(
                    "the step waits for its host",
                    () -> step(environment).path("state").asString("").equals("waiting_for_host"));
            Eventually.until("an event says so", () -> events(environment).contains("host far is silent"));
            assertThat(environment.status()).isEqualTo("stopping");
            assertThat(server.rows().heldBy(environment.id())).contains("host far", "quota");
            for (var word : List.of("abort", "skip")) {
                var refused = admin.post(environment.path() + "/operation/" + word, "");
                assertThat(refused.expect(409).text("code"))
                        .isEqualTo(word.equals("abort") ? "not_abortable" : "not_skippable");
                assertThat(refused.text("detail")).contains("lost");
            }
            admin.post(environment.path() + "/operation/retry", "").expect(202);

            agent.start().awaitServing();
            environment.await("stopped");
            environment.delete();
            assertThat(own.containers()).doesNotContain(environment.id());
            assertThat(server.rows().violations()).isEmpty();
        }
    }

    private AgentProcess agent(String engine, String token) {
        return new AgentProcess(
                folder.resolve("agent"),
                Map.of("DOCKER_HOST", engine, "REMOTEGPU_DOCKER_NETWORK", server.network()),
                List.of(
                        "--server",
                        server.url(),
                        "--temporal",
                        server.temporal(),
                        "--host-id",
                        "far",
                        "--token",
                        token));
    }

    private JsonNode step(UserEnvironment environment) {
        var step = environment.look().path("operation").path("engine_step");
        return step.isNull() ? environment.look().path("no_step") : step;
    }

    private String events(UserEnvironment environment) {
        return environment
                .user()
                .get(environment.path() + "/events")
                .expect(200)
                .body()
                .toString();
    }

    private String temporal(UUID id, String update, String input) {
        return Workflows.cli(
                server.temporal(),
                "workflow",
                "update",
                "execute",
                "--workflow-id",
                "environment-" + id,
                "--name",
                update,
                "--input",
                input);
    }
}
