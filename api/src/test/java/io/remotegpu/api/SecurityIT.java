package io.remotegpu.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.HeaderWriterFilter;

class SecurityIT extends ApiTest {

    @Test
    void ofManyWhoRegisterAtOnceExactlyOneBecomesAdmin() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 32).forEach(i -> threads.submit(() -> nobody.user("user" + i)));
        }
        assertThat(count("users")).isEqualTo(32);
        assertThat(count("users WHERE role = 'admin'")).isEqualTo(1);
    }

    @Test
    void namesAndAddressesAreUniqueWithoutRegardToCase() {
        nobody.user("alice");
        var sameName = nobody.post(
                "/api/v1/users/register",
                "{\"username\":\"Alice\",\"email\":\"other@example.com\",\"password\":\"secret1\"}");
        assertThat(sameName.code()).isEqualTo("username_taken");
        var sameAddress = nobody.post(
                "/api/v1/users/register",
                "{\"username\":\"bob\",\"email\":\"ALICE@example.com\",\"password\":\"secret1\"}");
        assertThat(sameAddress.code()).isEqualTo("email_taken");
        assertThat(count("users")).isEqualTo(1);
    }

    @Test
    void anUnknownUserAndAWrongPasswordGetTheSameAnswer() {
        nobody.user("alice");
        var unknown = nobody.post("/api/v1/users/login", "{\"username\":\"bob\",\"password\":\"x\"}");
        var wrong = nobody.post("/api/v1/users/login", "{\"username\":\"alice\",\"password\":\"x\"}");
        assertThat(unknown.status()).isEqualTo(401).isEqualTo(wrong.status());
        assertThat(unknown.json().get("detail")).isEqualTo(wrong.json().get("detail"));
        assertThat(unknown.code()).isEqualTo(wrong.code()).isEqualTo("invalid_credentials");
    }

    @Test
    void afterFiveWrongPasswordsTheAccountHasToWaitLongerEachTime() {
        nobody.user("alice");
        for (int i = 0; i < 5; i++) {
            assertThat(wrongLogin("alice").status()).isEqualTo(401);
        }
        var locked = nobody.post("/api/v1/users/login", "{\"username\":\"alice\",\"password\":\"secret-alice\"}");
        assertThat(locked.status()).isEqualTo(429);
        assertThat(locked.code()).isEqualTo("too_many_attempts");
        assertThat(Long.parseLong(locked.header("Retry-After"))).isBetween(1L, 2L);

        expireLocks();
        assertThat(wrongLogin("ALICE").status()).isEqualTo(401);
        assertThat(Long.parseLong(wrongLogin("alice").header("Retry-After"))).isBetween(3L, 4L);

        expireLocks();
        nobody.login("alice", "secret-alice");
        assertThat(wrongLogin("alice").status()).isEqualTo(401);
        assertThat(wrongLogin("alice").status()).isEqualTo(401);
    }

    @Test
    void whoGuessesFromElsewhereLocksOnlyThemselvesOut() throws IOException {
        nobody.user("alice");
        for (int i = 0; i < 5; i++) {
            assertThat(wrongLoginFrom("127.0.0.2")).contains("HTTP/1.1 401");
        }
        assertThat(wrongLoginFrom("127.0.0.2")).contains("HTTP/1.1 429");

        nobody.login("alice", "secret-alice");
        assertThat(wrongLoginFrom("127.0.0.2")).contains("HTTP/1.1 429");
    }

    private static String wrongLoginFrom(String address) throws IOException {
        var body = "{\"username\":\"alice\",\"password\":\"wrong\"}";
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(address, 0));
            socket.connect(new InetSocketAddress("127.0.0.1", Shared.SERVER.port()));
            socket.getOutputStream()
                    .write(("POST /api/v1/users/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A stream's first event is sent by another thread: a header written later than this would race with it. */
    @Test
    void securityHeadersAreThereBeforeARequestIsHandled() throws Exception {
        var filter = Shared.SERVER.bean(SecurityFilterChain.class).getFilters().stream()
                .filter(HeaderWriterFilter.class::isInstance)
                .findFirst()
                .orElseThrow();
        var whenHandled = new ArrayList<String>();
        var answer = new MockHttpServletResponse();
        filter.doFilter(new MockHttpServletRequest(), answer, (_, _) -> whenHandled.addAll(answer.getHeaderNames()));
        assertThat(whenHandled).contains("Cache-Control", "X-Content-Type-Options", "X-Frame-Options");
    }

    @Test
    void anUnknownAccountIsLockedOutJustTheSame() {
        for (int i = 0; i < 5; i++) {
            wrongLogin("nobody-has-this-name");
        }
        assertThat(wrongLogin("nobody-has-this-name").status()).isEqualTo(429);
    }

    @Test
    void aLoggedOutTokenIsRefusedAndOthersAreNot() {
        var alice = nobody.user("alice");
        var second = nobody.login("alice", "secret-alice");
        assertThat(alice.post("/api/v1/users/logout").status()).isEqualTo(204);
        assertThat(alice.get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(alice.get("/api/v1/users/me").header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(second.get("/api/v1/users/me").status()).isEqualTo(200);
    }

    @Test
    void aPasswordChangeRefusesEveryOlderTokenAndTheAnswersOneWorks() {
        var alice = nobody.user("alice");
        var script = nobody.as(alice.post("/api/v1/users/me/tokens", "{\"name\":\"t\",\"scopes\":[\"read\"]}")
                .json()
                .get("token")
                .asString());
        assertThat(script.get("/api/v1/users/me").status()).isEqualTo(200);
        var wrong =
                alice.put("/api/v1/users/me/password", "{\"current_password\":\"x\",\"new_password\":\"another-one\"}");
        assertThat(wrong.status()).isEqualTo(403);

        var changed = alice.put(
                "/api/v1/users/me/password",
                "{\"current_password\":\"secret-alice\",\"new_password\":\"another-one\"}");
        assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
        assertThat(alice.get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(script.get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(nobody.as(changed.json().get("token").asString())
                        .get("/api/v1/users/me")
                        .status())
                .isEqualTo(200);
        assertThat(nobody.login("alice", "another-one").get("/api/v1/users/me").status())
                .isEqualTo(200);
        assertThat(wrongLogin("alice").status()).isEqualTo(401);
    }

    @Test
    void anInactiveUserIsRefusedAtOnceWithEveryTokenAndLogsInAnewWhenBack() {
        var admin = nobody.user("admin");
        var alice = nobody.user("alice");
        var script = token(alice, "script", "\"read\"");
        assertThat(script.get("/api/v1/users/me").status()).isEqualTo(200);
        var id = alice.get("/api/v1/users/me").json().get("id").asString();
        assertThat(admin.put("/api/v1/users/" + id + "/status", "{\"status\":\"inactive\"}")
                        .status())
                .isEqualTo(200);
        assertThat(alice.get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(script.get("/api/v1/users/me").status()).isEqualTo(401);
        var login = nobody.post("/api/v1/users/login", "{\"username\":\"alice\",\"password\":\"secret-alice\"}");
        assertThat(login.code()).isEqualTo("account_inactive");
        assertThat(count("users WHERE id = " + id + " AND stops_since IS NOT NULL"))
                .isEqualTo(1);

        admin.put("/api/v1/users/" + id + "/status", "{\"status\":\"active\"}");
        assertThat(count("users WHERE id = " + id + " AND stops_since IS NULL")).isEqualTo(1);
        // Why ever they were kept out: what was issued before may be in other hands.
        assertThat(alice.get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(script.get("/api/v1/users/me").status()).isEqualTo(401);
        var back = nobody.login("alice", "secret-alice");
        assertThat(back.get("/api/v1/users/me").status()).isEqualTo(200);
        assertThat(token(back, "another", "\"read\"").get("/api/v1/users/me").status())
                .isEqualTo(200);
    }

    @Test
    void theLastActiveAdminStays() {
        var admin = nobody.user("admin");
        var id = admin.get("/api/v1/users/me").json().get("id").asString();
        assertThat(admin.put("/api/v1/users/" + id + "/role", "{\"role\":\"user\"}")
                        .code())
                .isEqualTo("last_admin");
        assertThat(admin.put("/api/v1/users/" + id + "/status", "{\"status\":\"inactive\"}")
                        .code())
                .isEqualTo("last_admin");

        var alice = nobody.user("alice");
        var other = alice.get("/api/v1/users/me").json().get("id").asString();
        assertThat(admin.put("/api/v1/users/" + other + "/role", "{\"role\":\"admin\"}")
                        .status())
                .isEqualTo(200);
        assertThat(alice.get("/api/v1/users").status()).isEqualTo(200);
        assertThat(alice.put("/api/v1/users/" + id + "/role", "{\"role\":\"user\"}")
                        .status())
                .isEqualTo(200);
        assertThat(admin.get("/api/v1/users").status()).isEqualTo(403);
    }

    @Test
    void aPersonalTokenDoesWhatItsScopesSayAndIsShownOnce() {
        var admin = nobody.user("admin");
        var reader = token(admin, "reader", "\"read\"");
        var writer = token(admin, "writer", "\"write\"");
        var both = token(admin, "both", "\"read\",\"write\"");
        var all = token(admin, "all", "\"read\",\"write\",\"admin\"");
        var profile = "{\"email\":\"new@example.com\"}";

        assertThat(reader.get("/api/v1/users/me").status()).isEqualTo(200);
        assertThat(reader.put("/api/v1/users/me", profile).status()).isEqualTo(403);
        assertThat(writer.get("/api/v1/users/me").status()).isEqualTo(403);
        assertThat(writer.put("/api/v1/users/me", profile).status()).isEqualTo(200);
        assertThat(both.get("/api/v1/users").status()).isEqualTo(403);
        assertThat(all.get("/api/v1/users").status()).isEqualTo(200);
        assertThat(all.post("/api/v1/users/me/tokens", "{\"name\":\"x\",\"scopes\":[\"read\"]}")
                        .code())
                .isEqualTo("login_required");
        assertThat(reader.token()).startsWith("rgpu_").hasSize(48);
        assertThat(count("personal_tokens WHERE token_hash = '" + reader.token() + "'"))
                .isZero();
        var listed = admin.get("/api/v1/users/me/tokens").json().get("items");
        assertThat(listed).hasSize(4);
        assertThat(listed.get(0).has("token")).isFalse();

        var id = listed.get(0).get("id").asString();
        assertThat(admin.delete("/api/v1/users/me/tokens/" + id).status()).isEqualTo(204);
        assertThat(reader.get("/api/v1/users/me").status()).isEqualTo(401);
        jdbc.sql("UPDATE personal_tokens SET expires_at = now() - interval '1 second' WHERE name = 'all'")
                .update();
        assertThat(all.get("/api/v1/users/me").status()).isEqualTo(401);
    }

    @Test
    void whatUsersMayGetTheyMayAskTheHeadOf() {
        nobody.user("admin");
        var alice = nobody.user("alice");
        for (var path : new String[] {"/api/v1/gpus", "/api/v1/quotas/usage"}) {
            assertThat(alice.get(path).status()).as(path).isEqualTo(200);
            assertThat(alice.send("HEAD", path, null).status()).as(path).isEqualTo(200);
        }
    }

    @Test
    void aTokenOfAnotherKeyOrWithAnotherAlgorithmIsRefused() {
        var parts = nobody.user("alice").token().split("\\.");
        assertThat(nobody.as(parts[0] + "." + parts[1] + ".AAAA")
                        .get("/api/v1/users/me")
                        .status())
                .isEqualTo(401);
        assertThat(nobody.as("eyJhbGciOiJub25lIn0." + parts[1] + ".")
                        .get("/api/v1/users/me")
                        .status())
                .isEqualTo(401);
        assertThat(nobody.as(parts[0] + "." + parts[1] + "x." + parts[2])
                        .get("/api/v1/users/me")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void theSameSshKeyIsTakenOnce() {
        var alice = nobody.user("alice");
        var key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
        var added = alice.post("/api/v1/users/me/ssh-keys", "{\"name\":\"a\",\"public_key\":\"" + key + " me\"}");
        assertThat(added.status()).as(added.toString()).isEqualTo(201);
        assertThat(added.json().get("fingerprint").asString())
                .isEqualTo("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
        assertThat(alice.post("/api/v1/users/me/ssh-keys", "{\"name\":\"b\",\"public_key\":\"" + key + "\"}")
                        .code())
                .isEqualTo("ssh_key_exists");
        assertThat(nobody.user("bob")
                        .post("/api/v1/users/me/ssh-keys", "{\"name\":\"a\",\"public_key\":\"" + key + "\"}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aHostSpeaksForItselfOnly() {
        var admin = nobody.user("admin");
        var host = nobody.as(registerHost(admin, "h1"));
        registerHost(admin, "h2");
        var report = """
                {"cpu":8,"memory":"64Gi","deployment_modes":["docker"],"facts":{"docker":"26.1"},
                 "gpus":[{"gpu_index":0,"uuid":"GPU-1","model":"NVIDIA H100","memory":"80Gi"}]}""";
        var heard = host.post("/api/v1/hosts/h1/heartbeat", report);
        assertThat(heard.status()).as(heard.toString()).isEqualTo(200);
        assertThat(heard.json().get("status").asString()).isEqualTo("active");
        assertThat(host.post("/api/v1/hosts/h2/heartbeat", report).status()).isEqualTo(403);
        assertThat(host.get("/api/v1/hosts/h1").status()).isEqualTo(403);
        assertThat(host.get("/api/v1/users/me").status()).isEqualTo(403);
        var shown = admin.get("/api/v1/hosts/h1").json();
        assertThat(shown.get("gpus").asInt()).isEqualTo(1);
        assertThat(shown.get("total_memory").asLong()).isEqualTo(64L << 30);
        assertThat(admin.get("/api/v1/gpus?model=nvidia%20h100&status=available&host_id=h1")
                        .json()
                        .get("total")
                        .asInt())
                .isEqualTo(1);
        // No one's change, and every few seconds.
        assertThat(count("audit_log WHERE actor = 'host:h1' AND outcome = 200")).isZero();

        var renewed = admin.put("/api/v1/hosts/h1", "{\"renew_token\":true}")
                .json()
                .get("token")
                .asString();
        assertThat(host.post("/api/v1/hosts/h1/heartbeat", report).status()).isEqualTo(401);
        assertThat(nobody.as(renewed).post("/api/v1/hosts/h1/heartbeat", report).status())
                .isEqualTo(200);
    }

    @Test
    void everyChangeIsInTheAuditLogWithoutSecrets() {
        var admin = nobody.user("admin");
        admin.post(
                "/api/v1/hosts",
                "{\"id\":\"h1\",\"name\":\"n\",\"ip_address\":\"10.0.0.1\"}",
                "X-Request-Id",
                "my-request.1");
        admin.delete("/api/v1/hosts/nope");
        wrongLogin("admin");
        nobody.post("/api/v1/users/login", "{");
        nobody.post("/api/v1/hosts", "{}");

        eventually(() -> count(
                        "audit_log WHERE action = 'DELETE /api/v1/hosts/{id}' AND outcome = 404 AND subject = 'host/nope'")
                == 1);
        assertThat(count("audit_log WHERE actor = 'admin' AND action = 'POST /api/v1/hosts' AND subject = 'host/h1'"
                        + " AND outcome = 201 AND request_id = 'my-request.1' AND address = '127.0.0.1'"))
                .isEqualTo(1);
        assertThat(
                        count(
                                "audit_log WHERE actor = 'anonymous' AND action = 'POST /api/v1/users/login' AND outcome = 401 AND subject = 'account/admin'"))
                .isEqualTo(1);
        assertThat(count("audit_log WHERE outcome = 400")).isZero();
        assertThat(count("audit_log WHERE outcome = 401 AND action LIKE '%hosts%'"))
                .isZero();
        assertThat(count("audit_log WHERE subject LIKE '%secret%'")).isZero();
    }

    @Test
    void everyAnswerHasARequestIdTheCallersWhereItIsFit() {
        assertThat(nobody.get("/api/v1/users/me", "X-Request-Id", "abc-1").header("X-Request-Id"))
                .isEqualTo("abc-1");
        assertThat(nobody.get("/api/v1/users/me", "X-Request-Id", "a b<script>").header("X-Request-Id"))
                .hasSize(36);
        assertThat(nobody.get("/actuator/health").status()).isEqualTo(200);
        assertThat(nobody.get("/actuator/health").json().has("components")).isFalse();
        assertThat(nobody.get("/actuator/prometheus").status()).isEqualTo(401);
    }

    @Test
    void anAdministratorSeesHowDatabaseTemporalAndHostsAre() {
        activeHost("h1", 0);
        var parts = nobody.user("admin").get("/actuator/health").json().path("components");
        assertThat(parts.path("db").path("status").asString("")).isEqualTo("UP");
        assertThat(parts.path("temporal").path("status").asString("")).isEqualTo("UP");
        assertThat(parts.path("hosts").path("details").path("active").asInt()).isEqualTo(1);
        assertThat(parts.path("hosts").path("details").path("quarantined").asInt(-1))
                .isZero();
    }

    private Client token(Client owner, String name, String scopes) {
        var made = owner.post("/api/v1/users/me/tokens", "{\"name\":\"" + name + "\",\"scopes\":[" + scopes + "]}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        return owner.as(made.json().get("token").asString());
    }

    private static String registerHost(Client admin, String id) {
        return admin.post("/api/v1/hosts", "{\"id\":\"" + id + "\",\"name\":\"n\",\"ip_address\":\"10.0.0.1\"}")
                .json()
                .get("token")
                .asString();
    }

    private Client.Answer wrongLogin(String name) {
        return nobody.post("/api/v1/users/login", "{\"username\":\"" + name + "\",\"password\":\"wrong\"}");
    }

    private void expireLocks() {
        jdbc.sql("UPDATE login_failures SET locked_until = now() - interval '1 second'")
                .update();
    }
}
