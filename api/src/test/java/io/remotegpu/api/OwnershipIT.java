package io.remotegpu.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Who may do what: one row for each route of the API. */
class OwnershipIT extends ApiTest {

    /**
     * One route, and the status that each kind of caller gets. {@code {env}} and the like stand for things that belong to
     * the owner.
     */
    private record Row(
            String method, String route, @Nullable String body, int anonymous, int other, int owner, int admin) {

        String path(Map<String, String> ids) {
            var path = "/api/v1" + route;
            for (var id : ids.entrySet()) {
                path = path.replace(id.getKey(), id.getValue());
            }
            return path;
        }
    }

    /** The order matters: what deletes comes last, and the administrator's turn is after the owner's. */
    private static final List<Row> ROWS = List.of(
            row("POST", "/users/register", "{}", 422, 422, 422, 422),
            row("POST", "/users/login", "{}", 422, 422, 422, 422),
            row("GET", "/users/me", null, 401, 200, 200, 200),
            row("PUT", "/users/me", "{}", 401, 422, 422, 422),
            row("PUT", "/users/me/password", "{}", 401, 422, 422, 422),
            row("GET", "/users/me/ssh-keys", null, 401, 200, 200, 200),
            row("POST", "/users/me/ssh-keys", "{}", 401, 422, 422, 422),
            row("DELETE", "/users/me/ssh-keys/{key}", null, 401, 404, 204, 404),
            row("GET", "/users/me/tokens", null, 401, 200, 200, 200),
            row("POST", "/users/me/tokens", "{}", 401, 422, 422, 422),
            row("DELETE", "/users/me/tokens/{token}", null, 401, 404, 204, 404),
            row("GET", "/users", null, 401, 403, 403, 200),
            row("GET", "/users/{user}", null, 401, 403, 403, 200),
            row("PUT", "/users/{user}/status", "{\"status\":\"active\"}", 401, 403, 403, 200),
            row("PUT", "/users/{user}/role", "{\"role\":\"user\"}", 401, 403, 403, 200),
            row("POST", "/hosts", "{}", 401, 403, 403, 422),
            row("GET", "/hosts", null, 401, 403, 403, 200),
            row("GET", "/hosts/{host}", null, 401, 403, 403, 200),
            row("PUT", "/hosts/{host}", "{}", 401, 403, 403, 200),
            row("POST", "/hosts/{host}/heartbeat", "{}", 401, 403, 403, 403),
            row("POST", "/hosts/{host}/agent", "{}", 401, 403, 403, 403),
            row("DELETE", "/hosts/{host}/agent", null, 401, 403, 403, 403),
            row("GET", "/hosts/{host}/environments/{env}/credentials", null, 401, 403, 403, 403),
            row("PUT", "/hosts/{host}/environments/{env}/log", "{}", 401, 403, 403, 403),
            row("GET", "/hosts/{host}/environments/{env}/gpus", null, 401, 403, 403, 403),
            row("POST", "/hosts/{host}/gpu-errors", "{}", 401, 403, 403, 403),
            row("POST", "/hosts/{host}/drain", null, 401, 403, 403, 200),
            row("POST", "/hosts/{host}/activate", null, 401, 403, 403, 200),
            row("GET", "/hosts/{host}/events", null, 401, 403, 403, 200),
            row("POST", "/hosts/{spare}/lost", null, 401, 403, 403, 200),
            row("DELETE", "/hosts/{spare}", null, 401, 403, 403, 204),
            row("GET", "/gpus", null, 401, 200, 200, 200),
            row("GET", "/gpus/{gpu}", null, 401, 200, 200, 200),
            row("POST", "/gpus", "{}", 401, 403, 403, 422),
            row("PUT", "/gpus/{gpu}/status", "{\"status\":\"available\"}", 401, 403, 403, 200),
            row("GET", "/reconciler/findings", null, 401, 403, 403, 200),
            row("POST", "/reconciler/run", null, 401, 403, 403, 202),
            row("GET", "/quotas", null, 401, 403, 403, 200),
            row("POST", "/quotas", "{}", 401, 403, 403, 422),
            row("PUT", "/quotas/{quota}", "{}", 401, 403, 403, 422),
            row("DELETE", "/quotas/{quota}", null, 401, 403, 403, 204),
            row("GET", "/quotas/usage", null, 401, 200, 200, 200),
            row("POST", "/environments", "{}", 401, 422, 422, 422),
            row("GET", "/environments", null, 401, 200, 200, 200),
            row("GET", "/environments/{env}", null, 401, 404, 200, 200),
            row("GET", "/environments/{env}/access", null, 401, 404, 200, 403),
            row("GET", "/environments/{env}/events", null, 401, 404, 200, 200),
            row("GET", "/environments/{env}/logs", null, 401, 404, 200, 403),
            row("GET", "/environments/{env}/activity", null, 401, 404, 200, 200),
            row("PATCH", "/environments/{env}", "{\"idle_timeout\":\"4h\"}", 401, 404, 200, 200),
            row("PATCH", "/environments/{env}", "{\"protected\":false}", 401, 404, 403, 200),
            row("POST", "/environments/{env}/extend", "{\"duration\":\"1h\"}", 401, 404, 200, 200),
            row("POST", "/environments/{env}/operation/retry", null, 401, 404, 403, 409),
            row("POST", "/environments/{env}/operation/skip", null, 401, 404, 403, 409),
            row("POST", "/environments/{env}/operation/abort", null, 401, 404, 409, 409),
            row("POST", "/environments/{env}/stop", null, 401, 404, 202, 409),
            row("POST", "/environments/{env}/start", null, 401, 404, 202, 409),
            row("DELETE", "/environments/{env}", null, 401, 404, 202, 404),
            row("POST", "/users/logout", null, 401, 204, 204, 204));

    @Test
    void everyRouteAnswersEveryKindOfCallerAsTheTableSays() {
        var admin = nobody.user("admin");
        var owner = nobody.user("owner");
        var other = nobody.user("other");
        activeHost("h1", 1);
        var ids = ids(admin, owner);
        activeHost("spare", 0);
        var wrong = new ArrayList<String>();
        for (var row : ROWS) {
            var path = row.path(ids);
            check(wrong, row, "anonymous", row.anonymous(), nobody.send(row.method(), path, row.body()));
            check(wrong, row, "other", row.other(), other.send(row.method(), path, row.body()));
            check(wrong, row, "owner", row.owner(), owner.send(row.method(), path, row.body(), "Prefer", "wait=20"));
            check(wrong, row, "admin", row.admin(), admin.send(row.method(), path, row.body()));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void noRouteIsMissingFromTheTable() {
        var served = new TreeSet<String>();
        Shared.SERVER
                .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((route, handler) -> {
                    if (handler.getBeanType().getName().startsWith("io.remotegpu")) {
                        route.getPatternValues().stream()
                                .filter(pattern -> pattern.startsWith("/api/"))
                                .forEach(pattern -> route.getMethodsCondition()
                                        .getMethods()
                                        .forEach(method ->
                                                served.add(method + " " + pattern.replaceAll("\\{[a-z]+}", "{}"))));
                    }
                });
        var tabled = new TreeSet<String>();
        ROWS.forEach(row -> tabled.add(row.method() + " /api/v1" + row.route().replaceAll("\\{[a-z]+}", "{}")));

        assertThat(tabled).containsExactlyElementsOf(served);
    }

    private Map<String, String> ids(Client admin, Client owner) {
        var ownerId = owner.get("/api/v1/users/me").json().get("id").asString();
        var key = owner.post(
                "/api/v1/users/me/ssh-keys",
                "{\"name\":\"k\",\"public_key\":\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\"}");
        var token = owner.post("/api/v1/users/me/tokens", "{\"name\":\"t\",\"scopes\":[\"read\"]}");
        var quota = admin.post(
                "/api/v1/quotas",
                "{\"user_id\":%s,\"cpu\":8,\"memory\":\"64Gi\",\"gpu\":1,\"storage\":\"1Ti\",\"environment_quota\":5}"
                        .formatted(ownerId));
        var environment = owner.post("/api/v1/environments", TERMINAL.formatted("mine"), "Prefer", "wait=20");
        return Map.of(
                "{user}", ownerId,
                "{key}", key.json().get("id").asString(),
                "{token}", token.json().get("id").asString(),
                "{quota}", quota.json().get("id").asString(),
                "{env}", environment.json().get("id").asString(),
                "{host}", "h1",
                "{spare}", "spare",
                "{gpu}",
                        jdbc.sql("SELECT id::text FROM gpus")
                                .query(String.class)
                                .single());
    }

    private static void check(List<String> wrong, Row row, String who, int expected, Client.Answer answer) {
        if (answer.status() != expected) {
            wrong.add("%s %s by %s: expected %d, got %s".formatted(row.method(), row.route(), who, expected, answer));
        }
        if (answer.status() >= 400 && answer.code().isEmpty()) {
            wrong.add("%s %s by %s: no problem code in %s".formatted(row.method(), row.route(), who, answer));
        }
    }

    private static Row row(
            String method, String route, @Nullable String body, int anonymous, int other, int owner, int admin) {
        return new Row(method, route, body, anonymous, other, owner, admin);
    }
}
