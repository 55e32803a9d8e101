package io.remotegpu.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** Who may do what: one row for each route of the API. */
class OwnershipIT extends ApiTest {

    /**
     * One route, and the status that each kind of caller gets. {@code {env}} and the like stand for things that belong to
     * the owner; {@code agent} is what the host's own token gets. What all other tokens get follows: see {@link Callers}.
     */
    record Row(
            String method,
            String route,
            @Nullable String body,
            int anonymous,
            int other,
            int owner,
            int admin,
            @Nullable Integer agent) {

        String path(Map<String, String> ids) {
            var path = "/api/v1" + route;
            for (var id : ids.entrySet()) {
                path = path.replace(id.getKey(), id.getValue());
            }
            return path;
        }

        String name() {
            return method + " " + route;
        }

        boolean isPublic() {
            return anonymous != 401;
        }

        boolean reads() {
            return method.equals("GET") || route.endsWith("/decode") || route.endsWith("/encode");
        }

        boolean isForAdmins() {
            return other == 403 && owner == 403 && admin != 403;
        }
    }

    /** The order matters: what deletes comes last, and the administrator's turn is after the owner's. */
    private static final List<Row> ROWS = List.of(
            row("POST", "/users/register", "{}", 422, 422, 422, 422),
            row("POST", "/users/login", "{}", 422, 422, 422, 422),
            row("GET", "/users/login", null, 200, 200, 200, 200),
            // There is no provider here: what they answer with one is in OidcIT.
            row("GET", "/users/login/oidc", null, 404, 404, 404, 404),
            row("GET", "/users/login/oidc/callback", null, 404, 404, 404, 404),
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
            row("GET", "/users/{user}/identity", null, 401, 403, 403, 404),
            row("PUT", "/users/{user}/identity", "{\"subject\":\"s\"}", 401, 403, 403, 409),
            row("DELETE", "/users/{user}/identity", null, 401, 403, 403, 404),
            row("POST", "/hosts", "{}", 401, 403, 403, 422),
            row("GET", "/hosts", null, 401, 403, 403, 200),
            row("GET", "/hosts/{host}", null, 401, 403, 403, 200),
            row("PUT", "/hosts/{host}", "{}", 401, 403, 403, 200),
            agentRow("POST", "/hosts/{host}/agent", "{\"session\":\"" + Callers.SESSION + "\"}", 200),
            agentRow(
                    "POST",
                    "/hosts/{host}/heartbeat",
                    "{\"cpu\":64,\"memory\":\"512Gi\",\"deployment_modes\":[\"docker\"]}",
                    200),
            agentRow("GET", "/hosts/{host}/environments/{env}/credentials", null, 200),
            agentRow("PUT", "/hosts/{host}/environments/{env}/log", "{\"lines\":[]}", 204),
            agentRow("GET", "/hosts/{host}/environments/{env}/gpus", null, 200),
            agentRow("POST", "/hosts/{host}/environments/{env}/progress", "{\"message\":\"pulling\"}", 204),
            agentRow("GET", "/hosts/{host}/log-streams", null, 200),
            agentRow("PUT", "/hosts/{host}/log-streams/{env}", "{\"position\":\"1_1\",\"lines\":[]}", 204),
            agentRow("POST", "/hosts/{host}/gpu-errors", "{\"errors\":[{\"uuid\":\"GPU-0\",\"error\":\"dead\"}]}", 204),
            agentRow("DELETE", "/hosts/{host}/agent", null, 204),
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
            row("GET", "/alerts", null, 401, 200, 200, 200),
            row("GET", "/alerts/{alert}", null, 401, 404, 200, 200),
            row("POST", "/alerts/{alert}/acknowledge", null, 401, 403, 403, 200),
            row("GET", "/alert-targets", null, 401, 403, 403, 200),
            row("POST", "/alert-targets", "{}", 401, 403, 403, 422),
            row("DELETE", "/alert-targets/{target}", null, 401, 403, 403, 204),
            row("GET", "/audit", null, 401, 403, 403, 200),
            row("POST", "/codec/decode", "{\"payloads\":[]}", 401, 403, 403, 200),
            row("POST", "/codec/links", null, 401, 403, 403, 201),
            row("POST", "/codec/encode", "{\"payloads\":[]}", 401, 403, 403, 200),
            // By the administrator's link: whoever has it.
            row("POST", "/codec/links/{link}/decode", "{\"payloads\":[]}", 200, 200, 200, 200),
            row("POST", "/codec/links/{link}/encode", "{\"payloads\":[]}", 200, 200, 200, 200),
            row("GET", "/usage", null, 401, 200, 200, 200),
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

    /** What a personal token may not do, however many scopes it has: the same as a login, but for these. */
    private static final Map<String, Integer> ANOTHER_ANSWER_WITHOUT_LOGIN =
            Map.of("POST /users/logout", 409, "POST /codec/links", 403);

    /** Beside the API: routes of the server itself, with what anonymous, users and admins get. */
    private static final Map<String, List<Integer>> BESIDE = Map.of(
            "GET /actuator", List.of(401, 403, 200),
            "GET /actuator/health", List.of(200, 200, 200),
            "GET /actuator/health/**", List.of(404, 404, 404),
            "GET /actuator/info", List.of(200, 200, 200),
            "GET /actuator/prometheus", List.of(401, 403, 200),
            "GET /", List.of(302, 302, 302),
            "GET /v3/api-docs", List.of(200, 200, 200));

    @Test
    void everyRouteAnswersEveryKindOfCallerAsTheTableSays() {
        var callers = Callers.loggedIn(nobody, jdbc, this::activeHost);
        assertThat(answers(callers, Map.of())).isEmpty();
    }

    @Test
    void aPersonalTokenWithJustTheScopesNeededDoesWhatALoginDoes() {
        var callers = Callers.loggedIn(nobody, jdbc, this::activeHost).byPersonalTokens();
        assertThat(answers(callers, ANOTHER_ANSWER_WITHOUT_LOGIN)).isEmpty();
    }

    private List<String> answers(Callers callers, Map<String, Integer> otherAnswers) {
        var ids = ids(callers.admin(), callers.owner());
        activeHost("spare", 0);
        var wrong = new ArrayList<String>();
        for (var row : ROWS) {
            var path = row.path(ids);
            var expected = otherAnswers.get(row.name());
            // Whoever is refused asks first: it must have changed nothing for those who are not.
            for (var refused : callers.refused(row)) {
                check(
                        wrong,
                        row,
                        refused.who(),
                        refused.status(),
                        refused.client().send(row.method(), path, row.body(), "Agent-Session", Callers.SESSION));
            }
            check(wrong, row, "anonymous", row.anonymous(), nobody.send(row.method(), path, row.body()));
            check(
                    wrong,
                    row,
                    "other",
                    or(expected, row.other()),
                    callers.other(row).send(row.method(), path, row.body()));
            check(
                    wrong,
                    row,
                    "owner",
                    or(expected, row.owner()),
                    callers.owner(row).send(row.method(), path, row.body(), "Prefer", "wait=20"));
            check(
                    wrong,
                    row,
                    "admin",
                    or(expected, row.admin()),
                    callers.admin(row).send(row.method(), path, row.body()));
            if (row.agent() != null) {
                check(
                        wrong,
                        row,
                        "the host's own token",
                        row.agent(),
                        callers.host().send(row.method(), path, row.body(), "Agent-Session", Callers.SESSION));
            }
            if (row.method().equals("GET") && row.agent() == null) {
                var head = callers.other(row).send("HEAD", path, null).status();
                if (head != row.other()) {
                    wrong.add("HEAD %s by other: expected %d, got %d".formatted(row.route(), row.other(), head));
                }
            }
        }
        return wrong;
    }

    private static int or(@Nullable Integer special, int usual) {
        return special == null ? usual : special;
    }

    /** Another spelling of an address must not come past the rule for it. */
    @Test
    void noOtherSpellingOfAnAddressOpensIt() {
        var callers = Callers.loggedIn(nobody, jdbc, this::activeHost);
        var ids = ids(callers.admin(), callers.owner());
        activeHost("spare", 0);
        var wrong = new ArrayList<String>();
        for (var row : ROWS) {
            if (row.method().equals("GET")) {
                var path = row.path(ids);
                var plain = Map.of(
                        nobody,
                        nobody.get(path).status(),
                        callers.other(),
                        callers.other().get(path).status());
                for (var spelling : List.of(
                        path + "/",
                        path + "//",
                        path + ";a=b",
                        path + ".json",
                        path + "%20",
                        path + "%2e",
                        path + "/%2e",
                        "/" + path,
                        path.replaceFirst("/api", "/API"),
                        path.replaceFirst("/api/v1/", "/api/v1//"),
                        path.replaceFirst("/api/v1/", "/api/v1/%2e/"),
                        path.replaceFirst("/api/v1/", "/api/v1/users/..;/"),
                        path.replaceFirst("/api/", "/%61pi/"),
                        path.replaceFirst("/v1/", "%2fv1/"))) {
                    for (var who : plain.keySet()) {
                        var answer = who.get(spelling);
                        if (answer.status() >= 500 || (answer.status() < 300 && plain.get(who) >= 400)) {
                            wrong.add("GET " + spelling + ": " + answer);
                        }
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void noRouteIsMissingFromTheTable() {
        var tabled = new TreeSet<String>();
        ROWS.forEach(row -> tabled.add(row.method() + " /api/v1" + row.route().replaceAll("\\{[a-z]+}", "{}")));

        assertThat(tabled)
                .containsExactlyElementsOf(routes().stream()
                        .filter(route -> route.contains(" /api/v1"))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** A route that takes any method has none in its mapping: it would be seen by nobody if it were not said here. */
    @Test
    void besideTheApiThereIsNothingButWhatIsSaidHere() {
        assertThat(routes().stream().filter(route -> !route.contains(" /api/v1")))
                .containsExactlyInAnyOrder(
                        "ANY /error",
                        "GET /actuator",
                        "GET /actuator/health",
                        "GET /actuator/health/**",
                        "GET /actuator/info",
                        "GET /actuator/prometheus",
                        "GET /docs",
                        "GET /v3/api-docs",
                        "GET /v3/api-docs.yaml",
                        "GET /v3/api-docs/swagger-config");
        var admin = nobody.user("admin");
        var user = nobody.user("user");
        BESIDE.forEach((route, statuses) -> {
            var path = route.substring("GET ".length()).replace("**", "nothing");
            assertThat(List.of(
                            nobody.get(path).status(),
                            user.get(path).status(),
                            admin.get(path).status()))
                    .as(route)
                    .isEqualTo(statuses);
        });
    }

    /** Of every mapping that the application has: controllers, actuator, documents. */
    private static TreeSet<String> routes() {
        var served = new TreeSet<String>();
        Shared.SERVER
                .beans(RequestMappingInfoHandlerMapping.class)
                .forEach(mapping -> mapping.getHandlerMethods()
                        .keySet()
                        .forEach(route -> route.getPatternValues().forEach(pattern -> {
                            var path = pattern.replaceAll("\\{[a-z]+}", "{}");
                            var methods = route.getMethodsCondition().getMethods();
                            if (methods.isEmpty()) {
                                served.add("ANY " + path);
                            }
                            methods.forEach(method -> served.add(method + " " + path));
                        })));
        return served;
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
        var target = admin.post("/api/v1/alert-targets", "{\"name\":\"t\",\"url\":\"https://example.com\"}");
        return Map.ofEntries(
                Map.entry("{user}", ownerId),
                Map.entry("{key}", key.json().get("id").asString()),
                Map.entry("{token}", token.json().get("id").asString()),
                Map.entry("{quota}", quota.json().get("id").asString()),
                Map.entry("{env}", environment.json().get("id").asString()),
                Map.entry("{link}", link(admin)),
                Map.entry("{host}", "h1"),
                Map.entry("{spare}", "spare"),
                Map.entry("{target}", target.json().get("id").asString()),
                Map.entry(
                        "{alert}",
                        jdbc.sql("""
                        INSERT INTO alerts (rule, subject, severity, user_id, summary, remedy)
                        VALUES ('quota_nearly_used', 'user/x', 'info', ?, 's', 'r') RETURNING id::text""")
                                .param(Long.valueOf(ownerId))
                                .query(String.class)
                                .single()),
                Map.entry(
                        "{gpu}",
                        jdbc.sql("SELECT id::text FROM gpus")
                                .query(String.class)
                                .single()));
    }

    private static String link(Client admin) {
        var url = admin.post("/api/v1/codec/links").json().get("url").asString();
        return url.substring(url.lastIndexOf('/') + 1);
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
        return new Row(method, route, body, anonymous, other, owner, admin, null);
    }

    /** For the host's own token, and for nobody else's. */
    private static Row agentRow(String method, String route, @Nullable String body, int own) {
        return new Row(method, route, body, 401, 403, 403, 403, own);
    }
}
