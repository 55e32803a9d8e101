package io.remotegpu.api;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every field of every route but those of environments, wrong in every way that came to mind. */
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
}
