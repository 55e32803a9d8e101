package io.remotegpu.api.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host's agent can do with nothing but the host's token. */
class AgentsIT extends ApiTest {

    private static final String SESSION = "3f2b8a52-7c0e-4c53-9d0a-0c8f5e2a7b11";
    private static final String OTHER = "8d1f6c10-0b52-4c1a-9a61-5f3f1c0b7e22";
    private static final String REPORT = "{\"cpu\":8,\"memory\":\"64Gi\",\"deployment_modes\":[\"docker\"]}";

    private Client user = nobody;
    private Client host = nobody;
    private Client otherHost = nobody;

    @BeforeEach
    void twoHosts() {
        user = nobody.user("admin");
        host = registered("h1");
        otherHost = registered("h2");
    }

    @Test
    void anAgentLearnsWhatItHasToKnow() {
        var taken = take(host, "h1", SESSION);

        assertThat(taken.status()).as(taken.toString()).isEqualTo(200);
        assertThat(taken.json().get("host_id").asString()).isEqualTo("h1");
        assertThat(taken.json().get("installation").asString())
                .isEqualTo(jdbc.sql("SELECT key_fingerprint FROM installation")
                        .query(String.class)
                        .single());
        assertThat(taken.json().get("listen_address").asString()).isEqualTo("10.0.0.1");
        assertThat(taken.json().get("heartbeat_seconds").asInt())
                .isLessThan(taken.json().get("takeover_seconds").asInt());
        assertThat(count("audit_log WHERE origin = 'api' AND actor = 'host:h1'"))
                .isZero();
    }

    @Test
    void aSecondAgentIsRefusedEverythingUntilTheFirstGivesTheHostUp() {
        take(host, "h1", SESSION);
        var environment = onHost("h1");

        for (var refused : new Client.Answer[] {
            take(host, "h1", OTHER),
            host.post("/api/v1/hosts/h1/heartbeat", REPORT, "Agent-Session", OTHER),
            host.post("/api/v1/hosts/h1/heartbeat", REPORT),
            credentials(host, "h1", environment, OTHER),
            log(host, "h1", environment, OTHER, "x")
        }) {
            assertThat(refused.status()).as(refused.toString()).isEqualTo(409);
            assertThat(refused.code()).isEqualTo("agent_running");
            assertThat(refused.json().get("detail").asString()).contains("Another agent has host 'h1'", "127.0.0.1");
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 30);
        }
        // A second agent may try for ever.
        assertThat(count("audit_log WHERE origin = 'api' AND actor = 'host:h1'"))
                .isZero();
        assertThat(take(host, "h1", SESSION).status()).isEqualTo(200);

        host.delete("/api/v1/hosts/h1/agent", "Agent-Session", OTHER);
        assertThat(take(host, "h1", OTHER).status()).isEqualTo(409);
        assertThat(host.delete("/api/v1/hosts/h1/agent", "Agent-Session", SESSION)
                        .status())
                .isEqualTo(204);
        assertThat(take(host, "h1", OTHER).status()).isEqualTo(200);
    }

    @Test
    void anAgentThatIsSilentForLongIsReplacedAndLearnsOfIt() {
        take(host, "h1", SESSION);
        jdbc.sql("UPDATE agent_sessions SET last_seen = last_seen - interval '31 seconds'")
                .update();

        assertThat(take(host, "h1", OTHER).status()).isEqualTo(200);
        assertThat(host.post("/api/v1/hosts/h1/heartbeat", REPORT, "Agent-Session", SESSION)
                        .status())
                .isEqualTo(409);
        assertThat(credentials(host, "h1", onHost("h1"), SESSION).status()).isEqualTo(409);
    }

    @Test
    void heartbeatsKeepTheHost() {
        take(host, "h1", SESSION);
        jdbc.sql("UPDATE agent_sessions SET last_seen = last_seen - interval '31 seconds'")
                .update();

        assertThat(host.post("/api/v1/hosts/h1/heartbeat", REPORT, "Agent-Session", SESSION)
                        .status())
                .isEqualTo(200);
        assertThat(take(host, "h1", OTHER).status()).isEqualTo(409);
    }

    @Test
    void aHostGetsTheCredentialsOfWhatIsOnItAndOfNothingElse() {
        take(host, "h1", SESSION);
        take(otherHost, "h2", OTHER);
        var key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
        user.post("/api/v1/users/me/ssh-keys", "{\"name\":\"k\",\"public_key\":\"" + key + "\"}");
        var environment = onHost("h1");

        var found = credentials(host, "h1", environment, SESSION);
        assertThat(found.status()).as(found.toString()).isEqualTo(200);
        assertThat(found.json().get("authorized_keys").get(0).asString()).startsWith(key);
        assertThat(found.header("Cache-Control")).contains("no-store");

        assertThat(credentials(otherHost, "h2", environment, OTHER).status()).isEqualTo(404);
        assertThat(log(otherHost, "h2", environment, OTHER, "x").status()).isEqualTo(404);
        assertThat(credentials(otherHost, "h1", environment, OTHER).status()).isEqualTo(403);
        assertThat(credentials(host, "h1", UUID.randomUUID().toString(), SESSION)
                        .status())
                .isEqualTo(404);
        jdbc.sql("UPDATE environments SET status = 'deleted', deleted_at = now()")
                .update();
        assertThat(credentials(host, "h1", environment, SESSION).status()).isEqualTo(404);
        assertThat(count("environment_logs")).isZero();
    }

    @Test
    void whoHasNotTakenTheHostGetsNothing() {
        var environment = onHost("h1");

        var refused = credentials(host, "h1", environment, SESSION);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("no_agent");
    }

    @Test
    void aLogThatAHostLeavesIsKeptEncrypted() {
        take(host, "h1", SESSION);
        var environment = onHost("h1");

        assertThat(log(host, "h1", environment, SESSION, "the first line").status())
                .isEqualTo(204);
        assertThat(log(host, "h1", environment, SESSION, "token=s3cret").status())
                .isEqualTo(204);

        assertThat(count("environment_logs")).isEqualTo(1);
        assertThat(count("environment_logs WHERE position(convert_to('s3cret', 'UTF8') IN ciphertext) > 0"))
                .isZero();
    }

    @Test
    void nothingIsBroughtUpOnAHostThatWasDeclaredLost() {
        take(host, "h1", SESSION);
        var environment = onHost("h1");
        user.post("/api/v1/hosts/h1/lost", null);

        var refused = credentials(host, "h1", environment, SESSION);

        assertThat(refused.status()).as(refused.toString()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("host_lost");
        assertThat(host.post("/api/v1/hosts/h1/heartbeat", REPORT, "Agent-Session", SESSION)
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("lost");
    }

    @Test
    void anAgentAsksWhoHoldsItsGpusAndPutsThoseThatAreNotCleanInError() {
        take(host, "h1", SESSION);
        var environment = onHost("h1");
        jdbc.sql("""
                        INSERT INTO gpus (host_id, gpu_index, uuid, model, memory, status, reported, allocated_to)
                        VALUES ('h1', 0, 'GPU-0', 'H100', 85899345920, 'allocated', true, ?)""").param(UUID.fromString(environment)).update();

        var held = host.get("/api/v1/hosts/h1/environments/" + environment + "/gpus", "Agent-Session", SESSION);
        assertThat(held.json().get("uuids").get(0).asString()).isEqualTo("GPU-0");
        assertThat(host.get("/api/v1/hosts/h1/environments/" + UUID.randomUUID() + "/gpus", "Agent-Session", SESSION)
                        .json()
                        .get("uuids"))
                .isEmpty();
        var body = "{\"errors\":[{\"uuid\":\"%s\",\"error\":\"%s\"}]}";
        take(otherHost, "h2", OTHER);
        for (var foreign : new Client.Answer[] {
            otherHost.post("/api/v1/hosts/h2/gpu-errors", body.formatted("GPU-0", "x"), "Agent-Session", OTHER),
            host.post("/api/v1/hosts/h1/gpu-errors", body.formatted("GPU-9", "x"), "Agent-Session", SESSION)
        }) {
            assertThat(foreign.status()).isEqualTo(204);
        }
        assertThat(count("gpus WHERE status = 'error'")).isZero();

        assertThat(host.post(
                                "/api/v1/hosts/h1/gpu-errors",
                                body.formatted("GPU-0", "a process is left"),
                                "Agent-Session",
                                SESSION)
                        .status())
                .isEqualTo(204);

        assertThat(
                        count(
                                "gpus WHERE status = 'error' AND status_reason = 'a process is left' AND allocated_to IS NOT NULL"))
                .isEqualTo(1);
        var path = "/api/v1/hosts/h1/gpu-errors";
        refuses(host.post(path, "{}", "Agent-Session", SESSION), 422, "errors");
        refuses(host.post(path, "{\"errors\":[]}", "Agent-Session", SESSION), 422, "errors");
        refuses(host.post(path, "{\"errors\":[null]}", "Agent-Session", SESSION), 422, "errors[0]");
        refuses(host.post(path, body.formatted("", "x"), "Agent-Session", SESSION), 422, "errors[0].uuid");
        refuses(
                host.post(path, body.formatted("GPU-0", "x".repeat(501)), "Agent-Session", SESSION),
                422,
                "errors[0].error");
        refuses(host.post(path, body.formatted("GPU-0", "x")), 400, null);
    }

    @Test
    void wrongRequestsOfAgentsAreNamed() {
        take(host, "h1", SESSION);
        var environment = onHost("h1");
        var path = "/api/v1/hosts/h1/environments/" + environment;

        refuses(host.post("/api/v1/hosts/h1/agent", "{}"), 422, "session");
        refuses(host.post("/api/v1/hosts/h1/agent", "{\"session\":\"mine\"}"), 422, "session");
        refuses(host.post("/api/v1/hosts/h1/agent", "{\"session\":\"" + SESSION + "\",\"force\":true}"), 422, "force");
        refuses(host.post("/api/v1/hosts/h1/heartbeat", REPORT, "Agent-Session", "x"), 400, "Agent-Session");
        refuses(host.delete("/api/v1/hosts/h1/agent"), 400, null);
        refuses(host.delete("/api/v1/hosts/h1/agent", "Agent-Session", "x"), 400, "Agent-Session");
        refuses(host.get(path + "/credentials"), 400, null);
        refuses(host.get(path + "/credentials", "Agent-Session", "x"), 400, "Agent-Session");
        refuses(host.get("/api/v1/hosts/h1/environments/x/credentials", "Agent-Session", SESSION), 400, "environment");
        refuses(host.put(path + "/log", "{}", "Agent-Session", SESSION), 422, "lines");
        refuses(host.put(path + "/log", "{\"lines\":\"x\"}", "Agent-Session", SESSION), 422, "lines");
        refuses(host.put(path + "/log", "{\"lines\":[null]}", "Agent-Session", SESSION), 422, "lines[0]");
        refuses(
                host.put(path + "/log", "{\"lines\":[" + "\"\",".repeat(1000) + "\"\"]}", "Agent-Session", SESSION),
                422,
                "lines");
        assertThat(host.put(path + "/log", "{\"lines\":[\"" + "x".repeat(300_000) + "\"]}", "Agent-Session", SESSION)
                        .status())
                .isEqualTo(413);
        assertThat(nobody.as("rgph_wrong").post("/api/v1/hosts/h1/agent", "{}").status())
                .isEqualTo(401);
        assertThat(count("environment_logs")).isZero();
    }

    private static void refuses(Client.Answer answer, int status, String field) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.code()).as(answer.toString()).isIn("validation_failed", "invalid_parameter");
        if (field != null) {
            assertThat(answer.json().path("errors").path(0).path("field").asString(""))
                    .as(answer.toString())
                    .isEqualTo(field);
        }
    }

    private static Client.Answer take(Client host, String id, String session) {
        return host.post("/api/v1/hosts/" + id + "/agent", "{\"session\":\"" + session + "\"}");
    }

    private static Client.Answer credentials(Client host, String id, String environment, String session) {
        return host.get(
                "/api/v1/hosts/" + id + "/environments/" + environment + "/credentials", "Agent-Session", session);
    }

    private static Client.Answer log(Client host, String id, String environment, String session, String line) {
        return host.put(
                "/api/v1/hosts/" + id + "/environments/" + environment + "/log",
                "{\"lines\":[\"" + line + "\"]}",
                "Agent-Session",
                session);
    }

    private Client registered(String id) {
        return nobody.as(
                user.post("/api/v1/hosts", "{\"id\":\"" + id + "\",\"name\":\"n\",\"ip_address\":\"10.0.0.1\"}")
                        .json()
                        .get("token")
                        .asString());
    }

    /** A running environment whose place is that host. */
    private String onHost(String hostId) {
        activeHost("room", 0);
        var made = user.post("/api/v1/environments", TERMINAL.formatted("e-" + hostId), "Prefer", "wait=20");
        var id = made.json().get("id").asString();
        jdbc.sql("UPDATE environments SET host_id = ? WHERE id = ?")
                .params(hostId, UUID.fromString(id))
                .update();
        return id;
    }
}
