package io.remotegpu.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mistaken and hostile requests: each gets its problem, and none leaves anything behind. */
class BadRequestsIT extends ApiTest {

    private static final String NUL = "\\u0000";
    private static final String HALF = "\\ud800";

    private Client admin = nobody;

    @BeforeEach
    void anAdminAndAHost() {
        admin = nobody.user("admin");
        activeHost("h1", 1);
    }

    /** One bad request; {@code field} must be named in errors, or is null where there is none to name. */
    private record Bad(
            String method,
            String path,
            @Nullable String body,
            int status,
            String code,
            @Nullable String field) {}

    private static Bad invalid(String method, String path, String body, String field) {
        return new Bad(method, path, body, 422, "validation_failed", field);
    }

    private static Stream<Bad> fields(String method, String path, String good, String[][] faults) {
        return Stream.of(faults).map(fault -> {
            var key = "\"" + fault[0] + "\":";
            var at = good.indexOf(key);
            var body = at < 0
                    ? good.substring(0, good.length() - 1) + "," + key + fault[1] + "}"
                    : good.substring(0, at) + key + fault[1] + good.substring(end(good, at + key.length()));
            return invalid(method, path, body, fault.length > 2 ? fault[2] : fault[0]);
        });
    }

    private static int end(String json, int from) {
        var quoted = false;
        for (int i = from; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '}')) {
                return i;
            }
        }
        return json.length();
    }

    /** Whatever the route, a body can be wrong in these ways. */
    private static Stream<Bad> anyBody(String method, String path) {
        return Stream.of(
                new Bad(method, path, "", 400, "malformed_json", null),
                new Bad(method, path, "{", 400, "malformed_json", null),
                new Bad(method, path, "{\"a\":1,\"a\":2}", 400, "malformed_json", null),
                new Bad(method, path, "{} {}", 400, "malformed_json", null),
                new Bad(method, path, "\u0001", 400, "malformed_json", null),
                new Bad(method, path, "[".repeat(5000), 422, "validation_failed", "body"),
                new Bad(method, path, "{\"no_such_field\":" + "[".repeat(5000), 400, "malformed_json", null),
                new Bad(method, path, "null", 400, "malformed_json", null),
                new Bad(method, path, "[]", 422, "validation_failed", "body"),
                new Bad(method, path, "\"text\"", 422, "validation_failed", "body"),
                new Bad(method, path, "17", 422, "validation_failed", "body"),
                invalid(method, path, "{\"no_such_field\":1}", "no_such_field"),
                new Bad(method, path, "{\"x\":\"" + "y".repeat(300_000) + "\"}", 413, "body_too_large", null));
    }

    @Test
    void everyBodyThatCannotBeReadIsAnsweredWithAProblem() {
        var bad = new ArrayList<Bad>();
        for (var route : List.of(
                "POST /users/register",
                "POST /users/login",
                "PUT /users/me",
                "PUT /users/me/password",
                "POST /users/me/ssh-keys",
                "POST /users/me/tokens",
                "PUT /users/1/status",
                "PUT /users/1/role",
                "POST /hosts",
                "PUT /hosts/h1",
                "POST /gpus",
                "PUT /gpus/1/status",
                "POST /quotas",
                "PUT /quotas/1",
                "POST /environments")) {
            var parts = route.split(" ");
            anyBody(parts[0], parts[1]).forEach(bad::add);
        }
        refusesAll(admin, bad.stream());
    }

    @Test
    void wrongFieldsOfUsersAreNamed() {
        var registration = "{\"username\":\"u\",\"email\":\"u@example.com\",\"password\":\"secret1\"}";
        refusesAll(nobody, fields("POST", "/users/register", registration, new String[][] {
            {"username", "null"},
            {"username", "\"\""},
            {"username", "17"},
            {"username", "[\"a\"]"},
            {"username", "\"-a\""},
            {"username", "\"a b\""},
            {"username", "\"ü\""},
            {"username", "\"" + NUL + "\""},
            {"username", "\"a" + HALF + "\""},
            {"username", "\"" + "a".repeat(33) + "\""},
            {"username", "\"a\\nb\""},
            {"username", "true"},
            {"email", "null"},
            {"email", "\"nobody\""},
            {"email", "\"a@\""},
            {"email", "\"a b@c\""},
            {"email", "\"a@b@c\""},
            {"email", "\"" + "a".repeat(300) + "@b.c\""},
            {"email", "\"a@" + NUL + "\""},
            {"email", "{}"},
            {"password", "null"},
            {"password", "\"12345\""},
            {"password", "\"u\""},
            {"password", "\"" + "x".repeat(73) + "\""},
            {"password", "\"" + "ü".repeat(40) + "\""},
            {"password", "123456"},
            {"role", "\"admin\""},
            {"id", "1"}
        }));
        refusesAll(nobody, fields("POST", "/users/login", "{\"username\":\"u\",\"password\":\"p\"}", new String[][] {
            {"username", "null"},
            {"username", "\"" + NUL + "\""},
            {"username", "\"" + "x".repeat(255) + "\""},
            {"password", "null"},
            {"password", "{}"},
            {"password", "\"" + "x".repeat(1025) + "\""},
            {"otp", "1"}
        }));
        refusesAll(admin, fields("PUT", "/users/me", "{\"email\":\"n@example.com\"}", new String[][] {
            {"email", "null"}, {"email", "\"x\""}, {"email", "\"" + HALF + "@b\""}, {"username", "\"new\""}
        }));
        refusesAll(
                admin,
                fields(
                        "PUT",
                        "/users/me/password",
                        "{\"current_password\":\"secret-admin\",\"new_password\":\"another-one\"}",
                        new String[][] {
                            {"current_password", "null"},
                            {"new_password", "null"},
                            {"new_password", "\"12345\""},
                            {"new_password", "\"admin\""},
                            {"new_password", "\"" + NUL + "abcdef\""}
                        }));
        refusesAll(
                admin,
                Stream.of(
                        invalid("PUT", "/users/1/status", "{\"status\":\"gone\"}", "status"),
                        invalid("PUT", "/users/1/status", "{\"status\":1}", "status"),
                        invalid("PUT", "/users/1/status", "{\"status\":null}", "status"),
                        invalid("PUT", "/users/1/role", "{\"role\":\"ADMIN\"}", "role"),
                        new Bad("PUT", "/users/x/role", "{\"role\":\"user\"}", 400, "invalid_parameter", "id"),
                        new Bad(
                                "PUT",
                                "/users/999999999999999999999/role",
                                "{\"role\":\"user\"}",
                                400,
                                "invalid_parameter",
                                "id"),
                        new Bad("PUT", "/users/999999/role", "{\"role\":\"user\"}", 404, "not_found", null),
                        new Bad("GET", "/users/-1", null, 404, "not_found", null),
                        new Bad("GET", "/users?status=gone", null, 400, "invalid_parameter", "status"),
                        new Bad("GET", "/users?role=root", null, 400, "invalid_parameter", "role"),
                        new Bad("GET", "/users?q=" + "x".repeat(300), null, 400, "invalid_parameter", "q"),
                        new Bad("GET", "/users?q=a%00b", null, 400, "invalid_parameter", "query")));
    }

    @Test
    void wrongKeysAndTokensAreNamed() {
        var key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
        refusesAll(
                admin,
                fields("POST", "/users/me/ssh-keys", "{\"name\":\"k\",\"public_key\":\"" + key + "\"}", new String[][] {
                    {"name", "null"},
                    {"name", "\"\""},
                    {"name", "\"" + "x".repeat(65) + "\""},
                    {"name", "\"a\\tb\""},
                    {"public_key", "null"},
                    {"public_key", "\"\""},
                    {"public_key", "\"ssh-ed25519 AAAA\""},
                    {"public_key", "\"command=\\\"id\\\" " + key + "\""},
                    {"public_key", "\"" + key + "\\n" + key + "\""},
                    {"public_key", "\"" + key + " " + NUL + "\""},
                    {"public_key", "[]"}
                }));
        refusesAll(
                admin,
                fields(
                        "POST",
                        "/users/me/tokens",
                        "{\"name\":\"t\",\"scopes\":0}".replace("0", "[\"read\"]"),
                        new String[][] {
                            {"name", "null"},
                            {"name", "\"\""},
                            {"scopes", "null"},
                            {"scopes", "[]"},
                            {"scopes", "[\"all\"]", "scopes[0]"},
                            {"scopes", "[null]", "scopes[0]"},
                            {"scopes", "\"read\""},
                            {"expires_at", "\"yesterday\""},
                            {"expires_at", "\"2001-01-01T00:00:00Z\""},
                            {"expires_at", "\"9999-01-01T00:00:00Z\""},
                            {"expires_at", "17"}
                        }));
        refusesAll(
                admin,
                Stream.of(
                        new Bad("DELETE", "/users/me/ssh-keys/x", null, 400, "invalid_parameter", "id"),
                        new Bad("DELETE", "/users/me/ssh-keys/77", null, 404, "not_found", null),
                        new Bad("DELETE", "/users/me/tokens/77", null, 404, "not_found", null)));
    }

    @Test
    void wrongFieldsOfHostsAndGpusAreNamed() {
        var host = "{\"id\":\"h2\",\"name\":\"n\",\"ip_address\":\"10.0.0.2\"}";
        refusesAll(admin, fields("POST", "/hosts", host, new String[][] {
            {"id", "null"},
            {"id", "\"\""},
            {"id", "\"a b\""},
            {"id", "\"../x\""},
            {"id", "\"" + "a".repeat(64) + "\""},
            {"name", "null"},
            {"name", "\"\""},
            {"name", "\"a" + NUL + "\""},
            {"ip_address", "null"},
            {"ip_address", "\"example.com\""},
            {"ip_address", "\"256.1.1.1\""},
            {"ip_address", "\"1.2.3\""},
            {"ip_address", "\"::g\""},
            {"ip_address", "\"fe80::1%eth0\""},
            {"port_min", "0"},
            {"port_min", "65536"},
            {"port_max", "\"80\""},
            {"port_max", "21999"},
            {"port_min", "1.5"},
            {"port_min", "99999999999"},
            {"deployment_modes", "[\"podman\"]", "deployment_modes[0]"},
            {"cpu", "-1"},
            {"memory", "\"lots\""},
            {"memory", "-1"},
            {"memory", "1e30"},
            {"status", "\"active\""},
            {"token_hash", "\"x\""}
        }));
        refusesAll(
                admin,
                Stream.concat(
                        fields("PUT", "/hosts/h1", "{\"name\":\"n\"}", new String[][] {
                            {"name", "\"\""},
                            {"ip_address", "\"x\""},
                            {"port_min", "30000", "port_max"},
                            {"id", "\"h9\""},
                            {"renew_token", "\"yes\""}
                        }),
                        Stream.of(
                                new Bad("POST", "/hosts", host.replace("h2", "h1"), 409, "host_exists", "id"),
                                new Bad("GET", "/hosts/nope", null, 404, "not_found", null),
                                new Bad("PUT", "/hosts/nope", "{}", 404, "not_found", null),
                                new Bad("DELETE", "/hosts/nope", null, 404, "not_found", null),
                                new Bad("POST", "/hosts/nope/drain", null, 404, "not_found", null),
                                new Bad("GET", "/hosts?status=up", null, 400, "invalid_parameter", "status"))));
        var gpu = "{\"host_id\":\"h1\",\"gpu_index\":7,\"model\":\"NVIDIA H100\",\"memory\":\"80Gi\"}";
        refusesAll(
                admin,
                Stream.concat(
                        fields("POST", "/gpus", gpu, new String[][] {
                            {"host_id", "null"},
                            {"host_id", "\"nope\""},
                            {"host_id", "\"" + NUL + "\""},
                            {"gpu_index", "null"},
                            {"gpu_index", "-1"},
                            {"gpu_index", "\"0\""},
                            {"gpu_index", "0.5"},
                            {"gpu_index", "4294967296"},
                            {"model", "null"},
                            {"model", "\"\""},
                            {"memory", "null"},
                            {"memory", "0"},
                            {"memory", "\"80 gigs\""},
                            {"memory", "\"99999999999Ti\""},
                            {"memory", "true"},
                            {"uuid", "\"a b\""},
                            {"status", "\"error\""}
                        }),
                        Stream.of(
                                new Bad("POST", "/gpus", gpu.replace("7", "0"), 409, "gpu_exists", null),
                                invalid("PUT", "/gpus/1/status", "{\"status\":\"allocated\"}", "status"),
                                invalid("PUT", "/gpus/1/status", "{\"status\":\"broken\"}", "status"),
                                new Bad("PUT", "/gpus/999999/status", "{\"status\":\"error\"}", 404, "not_found", null),
                                new Bad("GET", "/gpus/999999", null, 404, "not_found", null),
                                new Bad("GET", "/gpus/abc", null, 400, "invalid_parameter", "id"),
                                new Bad("GET", "/gpus?status=busy", null, 400, "invalid_parameter", "status"))));
    }

    @Test
    void wrongFieldsOfQuotasAreNamed() {
        var quota =
                "{\"user_id\":1,\"cpu\":1,\"memory\":\"1Gi\",\"gpu\":1,\"storage\":\"1Gi\",\"environment_quota\":1}";
        refusesAll(
                admin,
                Stream.concat(
                        fields("POST", "/quotas", quota, new String[][] {
                            {"user_id", "null"},
                            {"user_id", "0"},
                            {"user_id", "999999"},
                            {"user_id", "\"1\""},
                            {"cpu", "-1"},
                            {"cpu", "null"},
                            {"cpu", "2147483648"},
                            {"memory", "\"-1Gi\""},
                            {"memory", "1.5"},
                            {"gpu", "1000000"},
                            {"storage", "\"9999999Ti\""},
                            {"environment_quota", "[]"},
                            {"name", "\"x\""}
                        }),
                        Stream.of(
                                new Bad(
                                        "PUT",
                                        "/quotas/999999",
                                        quota.replace("\"user_id\":1,", ""),
                                        404,
                                        "not_found",
                                        null),
                                invalid("PUT", "/quotas/1", quota, "user_id"),
                                new Bad("DELETE", "/quotas/999999", null, 404, "not_found", null),
                                new Bad("GET", "/quotas/usage?user_id=x", null, 400, "invalid_parameter", "user_id"),
                                new Bad("GET", "/quotas/usage?user_id=999999", null, 404, "not_found", null))));
    }

    @Test
    void wrongFieldsOfEnvironmentsAreNamed() {
        refusesAll(
                admin, fields("POST", "/environments", TERMINAL.formatted("e1").strip(), new String[][] {
                    {"name", "null"},
                    {"name", "\"\""},
                    {"name", "\"E1\""},
                    {"name", "\"-a\""},
                    {"name", "\"a-\""},
                    {"name", "\"a_b\""},
                    {"name", "\"" + "a".repeat(64) + "\""},
                    {"name", "\"a" + NUL + "\""},
                    {"name", "\"a;rm -rf /\""},
                    {"environment_type", "null"},
                    {"environment_type", "\"IDE\""},
                    {"environment_type", "\"vim\""},
                    {"environment_type", "0"},
                    {"deployment_mode", "null"},
                    {"deployment_mode", "\"podman\""},
                    {"deployment_mode", "1"},
                    {"cpu", "null"},
                    {"cpu", "0"},
                    {"cpu", "-4"},
                    {"cpu", "1.5"},
                    {"cpu", "\"4\""},
                    {"cpu", "1025"},
                    {"cpu", "1e400"},
                    {"memory", "null"},
                    {"memory", "\"63Mi\""},
                    {"memory", "\"16gb\""},
                    {"memory", "0"},
                    {"memory", "\"65Ti\""},
                    {"memory", "\"99999999999999999999\""},
                    {"memory", "99999999999999999999"},
                    {"memory", "[]"},
                    {"gpu", "-1"},
                    {"gpu", "1025"},
                    {"gpu", "\"1\""},
                    {"storage", "null"},
                    {"storage", "-1"},
                    {"storage", "\"2Pi\""},
                    {"image", "\"\""},
                    {"image", "\"UPPER/case\""},
                    {"image", "\"remotegpu/ide; rm\""},
                    {"image", "\"docker.io/library/python:3\""},
                    {"image", "\"remotegpu/ide:\""},
                    {"image", "\"../../etc/passwd\""},
                    {"image", "\"remotegpu/" + "a".repeat(600) + "\""},
                    {"env", "[]"},
                    {"env", "{\"1A\":\"x\"}", "env[1A]"},
                    {"env", "{\"A B\":\"x\"}", "env[A B]"},
                    {"env", "{\"A\":null}", "env[A]"},
                    {"env", "{\"A\":1}", "env.A"},
                    {"env", "{\"A\":\"" + NUL + "\"}", "env.A"},
                    {"env", "{\"A\":\"a\\nb\"}", "env[A]"},
                    {"env", "{\"REMOTEGPU_X\":\"a\"}", "env[REMOTEGPU_X]"},
                    {"env", "{\"A\":\"" + "x".repeat(4097) + "\"}", "env[A]"},
                    {"gpu_model", "\"NVIDIA H100\""},
                    {"gpu_memory_min", "\"80Gi\""},
                    {"gpu_model", "\"\""},
                    {"host_id", "\"nope\""},
                    {"host_id", "\"\""},
                    {"idle_timeout", "\"soon\""},
                    {"idle_timeout", "7200"},
                    {"idle_timeout", "\"1s\""},
                    {"idle_timeout", "\"9999d\""},
                    {"idle_timeout", "\"PT99999999999999H\""},
                    {"priority", "101"},
                    {"priority", "-101"},
                    {"wait", "\"yes\""},
                    {"user_id", "1"},
                    {"status", "\"running\""},
                    {"id", "\"x\""}
                }));
        var unknown = "3f2b8a52-7c0e-4c53-9d0a-0c8f5e2a7b11";
        var bad = new ArrayList<Bad>();
        for (var route : List.of("GET ", "DELETE ", "POST start", "POST stop", "GET access", "GET events")) {
            var parts = (route + " ").split(" ", 3);
            var rest = parts[1].isEmpty() ? "" : "/" + parts[1];
            bad.add(new Bad(parts[0], "/environments/" + unknown + rest, null, 404, "not_found", null));
            bad.add(new Bad(parts[0], "/environments/nope" + rest, null, 400, "invalid_parameter", "id"));
        }
        bad.add(new Bad("GET", "/environments?status=up", null, 400, "invalid_parameter", "status"));
        bad.add(new Bad("GET", "/environments?type=vim", null, 400, "invalid_parameter", "type"));
        bad.add(new Bad("GET", "/environments?user_id=me", null, 400, "invalid_parameter", "user_id"));
        refusesAll(admin, bad.stream());
    }

    @Test
    void badPagesAreRefusedOnEveryList() {
        refusesAll(
                admin,
                Stream.of("/users", "/hosts", "/gpus", "/quotas", "/environments")
                        .flatMap(list -> Stream.of(
                                new Bad("GET", list + "?page=0", null, 400, "invalid_parameter", "page"),
                                new Bad("GET", list + "?page=-1", null, 400, "invalid_parameter", "page"),
                                new Bad("GET", list + "?page=x", null, 400, "invalid_parameter", "page"),
                                new Bad("GET", list + "?page=99999999999", null, 400, "invalid_parameter", "page"),
                                new Bad("GET", list + "?page_size=0", null, 400, "invalid_parameter", "page_size"),
                                new Bad("GET", list + "?page_size=101", null, 400, "invalid_parameter", "page_size"),
                                new Bad("GET", list + "?page_size=", null, 400, "invalid_parameter", "page_size"))));
        assertThat(admin.get("/api/v1/users?page=1000000&page_size=100").json().get("items"))
                .isEmpty();
    }

    @Test
    void whatIsNotARouteOrAMethodOrAMediaTypeIsAProblemToo() {
        refusesAll(
                admin,
                Stream.of(
                        new Bad("GET", "/nope", null, 404, "no_such_route", null),
                        new Bad("PATCH", "/users/me", "{}", 405, "method_not_allowed", null),
                        new Bad("DELETE", "/environments", null, 405, "method_not_allowed", null),
                        new Bad("GET", "/users/login", null, 400, "invalid_parameter", "id")));
        assertThat(admin.send("PATCH", "/api/v1/users/me", "{}").header("Allow"))
                .contains("GET", "PUT");
        var xml = admin.post("/api/v1/environments", "<a/>", "Content-Type", "application/xml");
        assertThat(xml.status()).isEqualTo(415);
        assertThat(xml.code()).isEqualTo("unsupported_media_type");
        for (var form : List.of(
                "multipart/form-data", "application/x-www-form-urlencoded", "nonsense", "text/plain; charset=utf-16")) {
            assertThat(admin.put("/api/v1/users/me", "email=x", "Content-Type", form)
                            .status())
                    .as(form)
                    .isIn(400, 415);
        }
        for (var query : List.of("=x", "?a=%ff", "a=%C3", "=%F1%A8")) {
            assertThat(admin.get("/api/v1/hosts?" + query).status()).as(query).isIn(200, 400);
        }
        assertThat(admin.get("/api/v1/gpus?=x").code()).isEqualTo("invalid_parameter");
        var wantsXml = admin.get("/api/v1/users/me", "Accept", "application/xml");
        assertThat(wantsXml.status()).isEqualTo(406);
        assertThat(wantsXml.code()).isEqualTo("not_acceptable");
        assertThat(admin.get("/api/v1/users/me", "Accept", "nonsense").status()).isEqualTo(406);
        assertThat(admin.get("/api/v1/gpus/..%2f..%2fetc").status()).isEqualTo(400);
        assertThat(admin.get("/api/v1/gpus/%00").code()).isEqualTo("bad_request");
        assertThat(nobody.as("garbage").get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(nobody.as("rgpu_garbage").get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(nobody.as("rgph_garbage").get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(nobody.as("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")
                        .get("/api/v1/users/me")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void brokenUtf8AndEndlessBodiesAreRefused() {
        var brokenUtf8 = admin.request("/api/v1/users/me")
                .method(
                        "PUT",
                        BodyPublishers.ofByteArray(new byte[] {'{', '"', 'e', '"', ':', '"', (byte) 0xC3, '"', '}'}))
                .setHeader("Content-Type", "application/json")
                .build();
        assertThat(Client.send(brokenUtf8).status()).isIn(400, 422);
        // Without a Content-Length the limit is met while reading.
        HttpRequest endless = admin.request("/api/v1/users/me")
                .method(
                        "PUT",
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(
                                ("{\"email\":\"" + "x".repeat(400_000) + "\"}").getBytes(StandardCharsets.UTF_8))))
                .setHeader("Content-Type", "application/json")
                .build();
        var answer = Client.send(endless);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("body_too_large");
    }

    @Test
    void whatTheServerRefusesBeforeAnyRouteIsAProblem() throws IOException {
        for (var line :
                List.of("GET /api/v1/gpus?x=|<> HTTP/1.1", "GET /api/v1/gpus?q=%zz HTTP/1.1", "G@T / HTTP/1.1")) {
            try (var socket = new Socket("127.0.0.1", Shared.SERVER.port())) {
                socket.getOutputStream()
                        .write((line + "\r\nHost: x\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer)
                        .as(line)
                        .containsPattern("HTTP/1.1 4\\d\\d")
                        .doesNotContain("<html", "Tomcat", "\tat ");
            }
        }
    }

    private void refusesAll(Client who, Stream<Bad> requests) {
        var before = stored();
        var wrong = new ArrayList<String>();
        requests.forEach(bad -> {
            var answer = who.send(bad.method(), "/api/v1" + bad.path(), bad.body());
            var named = bad.field() == null
                    || answer.json()
                            .path("errors")
                            .valueStream()
                            .anyMatch(error ->
                                    bad.field().equals(error.path("field").asString("")));
            var isProblem = answer.header("Content-Type").startsWith("application/problem+json");
            if (answer.status() != bad.status() || !answer.code().equals(bad.code()) || !named || !isProblem) {
                var shown = bad.toString();
                wrong.add((shown.length() > 300 ? shown.substring(0, 300) : shown) + "\n   -> " + answer);
            }
        });
        assertThat(wrong.stream().limit(5)).as("%s wrong answers", wrong.size()).isEmpty();
        assertThat(stored()).isEqualTo(before);
    }
}
