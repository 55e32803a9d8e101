package io.remotegpu.api;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every field of every route, wrong in every way that came to mind. */
class BadFieldsIT extends HostileRequests {

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
                        invalid("PUT", "/users/1/identity", "{\"subject\":null}", "subject"),
                        invalid("PUT", "/users/1/identity", "{\"subject\":\" \"}", "subject"),
                        invalid("PUT", "/users/1/identity", "{\"subject\":\"" + NUL + "\"}", "subject"),
                        invalid("PUT", "/users/1/identity", "{\"subject\":\"" + "x".repeat(256) + "\"}", "subject"),
                        new Bad("PUT", "/users/x/identity", "{\"subject\":\"s\"}", 400, "invalid_parameter", "id"),
                        new Bad("PUT", "/users/1/identity", "{\"subject\":\"s\"}", 409, "oidc_off", null),
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
                                new Bad("POST", "/hosts/nope/drain", "{}", 404, "not_found", null),
                                new Bad("POST", "/hosts/nope/lost", null, 404, "not_found", null),
                                new Bad("GET", "/hosts/nope/events", null, 404, "not_found", null),
                                new Bad("GET", "/hosts/h1/events?after=-1", null, 400, "invalid_parameter", "after"),
                                new Bad("GET", "/hosts/h1/events?after=x", null, 400, "invalid_parameter", "after"),
                                new Bad(
                                        "GET",
                                        "/hosts/h1/events?page_size=1001",
                                        null,
                                        400,
                                        "invalid_parameter",
                                        "page_size"),
                                new Bad("GET", "/hosts?status=up", null, 400, "invalid_parameter", "status"))));
        refusesAll(admin, fields("POST", "/hosts/h1/drain", "{\"environments\":\"keep\"}", new String[][] {
            {"environments", "\"\""},
            {"environments", "\"move\""},
            {"environments", "\"stop" + NUL + "\""},
            {"environments", "true"},
            {"environments", "[\"stop\"]"},
            {"stop", "true"}
        }));
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
    void wrongFieldsOfAlertsAndTheirTargetsAreNamed() {
        var target = "{\"name\":\"ops\",\"url\":\"https://example.com\"}";
        refusesAll(admin, fields("POST", "/alert-targets", target, new String[][] {
            {"name", "null"},
            {"name", "\"\""},
            {"name", "\"a" + NUL + "\""},
            {"name", "\"" + "a".repeat(65) + "\""},
            {"name", "7"},
            {"url", "null"},
            {"url", "\"\""},
            {"url", "\"example.com\""},
            {"url", "\"file:///etc/passwd\""},
            {"url", "\"gopher://example.com\""},
            {"url", "\"https://user:pw@example.com\""},
            {"url", "\"https://example.com/#x\""},
            {"url", "\"https://example.com\\r\\nHost: x\""},
            {"url", "\"https://example.com:99999\""},
            {"url", "\"https://" + "a".repeat(2000) + "\""},
            {"url", "[\"https://example.com\"]"},
            {"secret", "\"\""},
            {"secret", "\"short\""},
            {"secret", "\"whsec_\""},
            {"secret", "\"whsec_!!!!\""},
            {"secret", "\"whsec_c2hvcnQ=\""},
            {"secret", "\"whsec_" + "A".repeat(200) + "\""},
            {"secret", "17"},
            {"min_severity", "\"\""},
            {"min_severity", "\"CRITICAL\""},
            {"min_severity", "\"bad\""},
            {"min_severity", "1"},
            {"id", "1"},
            {"rules", "[]"}
        }));
        refusesAll(admin, fields("POST", "/alerts/1/acknowledge", "{\"comment\":\"seen\"}", new String[][] {
            {"comment", "\"\""},
            {"comment", "\"a" + NUL + "\""},
            {"comment", "\"" + "x".repeat(501) + "\""},
            {"comment", "{}"},
            {"by", "\"somebody else\""}
        }));
        refusesAll(
                admin,
                Stream.of(
                        new Bad("GET", "/alerts?state=open", null, 400, "invalid_parameter", "state"),
                        new Bad("GET", "/alerts?rule=noise", null, 400, "invalid_parameter", "rule"),
                        new Bad("GET", "/alerts?severity=bad", null, 400, "invalid_parameter", "severity"),
                        new Bad("GET", "/alerts?acknowledged=perhaps", null, 400, "invalid_parameter", "acknowledged"),
                        new Bad("GET", "/alerts?environment_id=x", null, 400, "invalid_parameter", "environment_id"),
                        new Bad("GET", "/alerts?host_id=" + "x".repeat(64), null, 400, "invalid_parameter", "host_id"),
                        new Bad("GET", "/alerts/x", null, 400, "invalid_parameter", "id"),
                        new Bad("GET", "/alerts/999999", null, 404, "not_found", null),
                        new Bad("GET", "/alerts/99999999999999999999", null, 400, "invalid_parameter", "id"),
                        new Bad("POST", "/alerts/999999/acknowledge", "{}", 404, "not_found", null),
                        new Bad("POST", "/alerts/x/acknowledge", "{}", 400, "invalid_parameter", "id"),
                        new Bad("DELETE", "/alert-targets/999999", null, 404, "not_found", null),
                        new Bad("DELETE", "/alert-targets/x", null, 400, "invalid_parameter", "id"),
                        new Bad("PUT", "/alert-targets/1", "{}", 405, "method_not_allowed", null)));
    }

    /** What is wrong wherever a lifetime or a schedule is said. */
    private static final String[][] BAD_TIMETABLES = {
        {"max_lifetime", "\"soon\""},
        {"max_lifetime", "3600"},
        {"max_lifetime", "\"4m\""},
        {"max_lifetime", "\"366d\""},
        {"max_lifetime", "\"PT9999999999H\""},
        {"max_lifetime", "{}"},
        {"schedule", "\"daily\""},
        {"schedule", "[]"},
        {"schedule", "{\"time_zone\":\"UTC\"}"},
        {"schedule", "{\"stop\":\"0 20 * * *\"}", "schedule.time_zone"},
        {"schedule", "{\"stop\":\"0 20 * * *\",\"time_zone\":\"Mars\"}", "schedule.time_zone"},
        {"schedule", "{\"stop\":\"0 20 * *\",\"time_zone\":\"UTC\"}", "schedule.stop"},
        {"schedule", "{\"stop\":\"@daily\",\"time_zone\":\"UTC\"}", "schedule.stop"},
        {"schedule", "{\"start\":\"0 0 30 2 *\",\"time_zone\":\"UTC\"}", "schedule.start"},
        {"schedule", "{\"start\":\"" + "1,".repeat(999) + "1 * * * *\",\"time_zone\":\"UTC\"}", "schedule.start"},
        {"schedule", "{\"start\":\"" + NUL + "\",\"time_zone\":\"UTC\"}", "schedule.start"},
        {"schedule", "{\"start\":7,\"time_zone\":\"UTC\"}", "schedule.start"},
    };

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
                    {"image", "\"remotegpu/other:1\""},
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
                    {"env", "{\"PATH\":\"/tmp\"}", "env[PATH]"},
                    {"env", "{\"LD_PRELOAD\":\"a\"}", "env[LD_PRELOAD]"},
                    {"env", "{\"NVIDIA_VISIBLE_DEVICES\":\"all\"}", "env[NVIDIA_VISIBLE_DEVICES]"},
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
                    {"wait", "1"},
                    {"wait_timeout", "\"2h\""},
                    {"wait_timeout", "7200"},
                    {"wait_timeout", "\"soon\""},
                    {"wait_timeout", "\"0s\""},
                    {"wait_timeout", "\"-PT1H\""},
                    {"wait_timeout", "\"8d\",\"wait\":true"},
                    {"wait_timeout", "\"PT99999999999999H\",\"wait\":true"},
                    {"wait_timeout", "\"1h\",\"wait\":false"},
                    {"user_id", "1"},
                    {"status", "\"running\""},
                    {"id", "\"x\""}
                }));
        refusesAll(
                admin, fields("POST", "/environments", TERMINAL.formatted("e1").strip(), BAD_TIMETABLES));
        var unknown = "3f2b8a52-7c0e-4c53-9d0a-0c8f5e2a7b11";
        refusesAll(admin, fields("POST", "/environments/" + unknown + "/start", "{\"wait\":true}", new String[][] {
            {"wait", "\"yes\""},
            {"wait", "[]"},
            {"wait_timeout", "7200"},
            {"wait_timeout", "\"" + NUL + "\""},
            {"wait_timeout", "\"0s\""},
            {"wait_timeout", "\"-1h\""},
            {"queue", "1"},
            {"gpu", "-1"},
            {"gpu", "1025"},
            {"gpu", "1.5"},
            {"gpu", "\"none\""},
            {"gpu", "99999999999"}
        }));
        refusesAll(admin, fields("PATCH", "/environments/" + unknown, "{\"idle_timeout\":\"1h\"}", new String[][] {
            {"idle_timeout", "\"soon\""},
            {"idle_timeout", "3600"},
            {"idle_timeout", "\"0s\""},
            {"idle_timeout", "\"-1h\""},
            {"idle_timeout", "\"9999d\""},
            {"idle_timeout", "\"PT99999999999999H\""},
            {"idle_timeout", "[]"},
            {"protected", "\"yes\""},
            {"protected", "[]"},
            {"cpu", "0"},
            {"cpu", "1025"},
            {"cpu", "\"four\""},
            {"memory", "\"63Mi\""},
            {"memory", "\"65Ti\""},
            {"memory", "-1"},
            {"memory", "\"" + NUL + "\""},
            {"gpu", "-1"},
            {"gpu", "1025"},
            {"storage", "\"1Gi\""},
            {"status", "\"running\""},
            {"user_id", "1"}
        }));
        refusesAll(admin, fields("PATCH", "/environments/" + unknown, "{\"idle_timeout\":\"1h\"}", BAD_TIMETABLES));
        for (var word : List.of("retry", "skip", "abort")) {
            refusesAll(
                    admin,
                    fields(
                            "POST",
                            "/environments/" + unknown + "/operation/" + word,
                            "{\"reason\":\"r\",\"operation_id\":\"o\"}",
                            new String[][] {
                                {"reason", "\"\""},
                                {"reason", "17"},
                                {"reason", "[]"},
                                {"reason", "\"a\\u0007b\""},
                                {"reason", "\"" + NUL + "\""},
                                {"reason", "\"" + "x".repeat(501) + "\""},
                                {"operation_id", "\"\""},
                                {"operation_id", "\"a b\""},
                                {"operation_id", "\"'; DROP TABLE operations; --\""},
                                {"operation_id", "\"" + "x".repeat(101) + "\""},
                                {"operation_id", "{}"},
                                {"by", "\"somebody else\""}
                            }));
        }
        var bad = new ArrayList<Bad>();
        for (var route : List.of(
                "POST operation/retry",
                "POST operation/skip",
                "POST operation/abort",
                "GET ",
                "DELETE ",
                "POST start",
                "POST stop",
                "GET access",
                "GET activity",
                "GET events",
                "GET logs")) {
            var parts = (route + " ").split(" ", 3);
            var rest = parts[1].isEmpty() ? "" : "/" + parts[1];
            bad.add(new Bad(parts[0], "/environments/" + unknown + rest, null, 404, "not_found", null));
            bad.add(new Bad(parts[0], "/environments/nope" + rest, null, 400, "invalid_parameter", "id"));
        }
        bad.add(new Bad(
                "POST", "/environments/" + unknown + "/extend", "{\"duration\":\"1h\"}", 404, "not_found", null));
        bad.add(new Bad("PATCH", "/environments/" + unknown, "{\"protected\":true}", 404, "not_found", null));
        for (var tail : List.of("0", "-1", "1001", "all", "99999999999")) {
            bad.add(new Bad(
                    "GET", "/environments/" + unknown + "/logs?tail=" + tail, null, 400, "invalid_parameter", "tail"));
        }
        refusesAll(
                admin, fields("POST", "/environments/" + unknown + "/extend", "{\"duration\":\"1h\"}", new String[][] {
                    {"duration", null},
                    {"duration", "null"},
                    {"duration", "\"\""},
                    {"duration", "\"soon\""},
                    {"duration", "3600"},
                    {"duration", "\"59s\""},
                    {"duration", "\"8d\""},
                    {"duration", "\"-1h\""},
                    {"until", "\"2030-01-01T00:00:00Z\""}
                }));
        bad.add(new Bad("GET", "/environments?status=up", null, 400, "invalid_parameter", "status"));
        bad.add(new Bad("GET", "/environments?type=vim", null, 400, "invalid_parameter", "type"));
        bad.add(new Bad("GET", "/environments?user_id=me", null, 400, "invalid_parameter", "user_id"));
        refusesAll(admin, bad.stream());
    }
}
