package io.remotegpu.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import io.remotegpu.db.audit.AutomaticChanges;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** No change leaves no trace, and administrators can read the traces. */
class AuditIT extends ApiTest {

    private static final JsonMapper JSON = new JsonMapper();

    private Client admin = nobody;
    private Client user = nobody;

    @BeforeEach
    void anAdminAndAUser() {
        admin = nobody.user("admin");
        user = nobody.user("ann");
    }

    /** What each route is about, where no thing's id is in its path; a route that is missing here fails the test. */
    private static final Map<String, String> ABOUT = new TreeMap<>(Map.of(
            "POST /api/v1/users/register", "user",
            "POST /api/v1/users/login", "user",
            "POST /api/v1/users/logout", "user",
            "PUT /api/v1/users/me", "user",
            "PUT /api/v1/users/me/password", "user",
            "POST /api/v1/users/me/ssh-keys", "user",
            "POST /api/v1/users/me/tokens", "user"));

    @Test
    void everyChangingRouteLeavesARowWhoeverAsksAndWhateverIsAnswered() {
        var expected = new TreeMap<String, String>();
        for (var route : changingRoutes().entrySet()) {
            var method = route.getKey().substring(0, route.getKey().indexOf(' '));
            var pattern = route.getValue();
            var path = pattern.replaceAll("\\{[a-zA-Z]+}", UUID.randomUUID().toString());
            // A user, whom security refuses what is an administrator's or an agent's; and an administrator, whom the
            // route does.
            for (var caller : Map.of("ann", user, "admin", admin).entrySet()) {
                var id = "walk-" + expected.size();
                var who = caller.getKey();
                // A logout would end the walk.
                var client = pattern.endsWith("/logout") ? nobody.login(who, "secret-" + who) : caller.getValue();
                var answer = client.send(method, path, "{\"no_such_field\": 1}", "X-Request-Id", id);
                expected.put(
                        id,
                        "%s %s %s %d 127.0.0.1"
                                .formatted(who, route.getKey(), about(route.getKey(), pattern), answer.status()));
            }
        }
        assertThat(expected).hasSizeGreaterThan(60);
        // An answer may be there a moment before its row.
        for (var row : expected.entrySet()) {
            for (long patience = 0; rows(row.getKey()).isEmpty() && patience < 200; patience++) {
                LockSupport.parkNanos(10_000_000);
            }
        }
        assertThat(expected)
                .allSatisfy((id, row) -> assertThat(rows(id)).as(row).containsExactly(row));
    }

    private List<String> rows(String requestId) {
        return jdbc.sql("""
                        SELECT actor || ' ' || action || ' ' || coalesce(target_type, '?') || ' ' || outcome || ' ' || address
                        FROM audit_log WHERE request_id = ?""").param(requestId).query(String.class).list();
    }

    private static String about(String route, String pattern) {
        var parts = pattern.split("/");
        for (int i = parts.length - 1; i > 3; i--) {
            if (parts[i].startsWith("{")) {
                return parts[i - 1].replaceAll("s$", "");
            }
        }
        return ABOUT.getOrDefault(route, parts[3].replaceAll("s$", ""));
    }

    /** Those that the application itself says it serves. */
    private static Map<String, String> changingRoutes() {
        var routes = new TreeMap<String, String>();
        Shared.SERVER
                .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((route, handler) -> route.getPatternValues().stream()
                        .filter(pattern -> pattern.startsWith("/api/v1"))
                        .forEach(pattern -> route.getMethodsCondition().getMethods().stream()
                                .filter(method -> method != RequestMethod.GET)
                                // What is decoded, or encoded, changes nothing here.
                                .filter(_ -> !pattern.matches(".*/codec/.*(de|en)code"))
                                .forEach(method -> routes.put(method + " " + pattern, pattern))));
        return routes;
    }

    @Test
    void whatWasDoneIsToldWithWhomWhatAndWhyNot() {
        admin.post(
                "/api/v1/hosts", "{\"id\":\"h1\",\"name\":\"n\",\"ip_address\":\"10.0.0.1\"}", "X-Request-Id", "r-1");
        admin.post("/api/v1/hosts", "{\"id\":\"h1\",\"name\":\"n\",\"ip_address\":\"10.0.0.1\"}");
        user.post("/api/v1/hosts/h1/drain");
        admin.put("/api/v1/users/" + me(user) + "/role", "{\"role\":\"admin\"}");

        assertThat(entry("?target_type=host&target_id=h1&outcome=done"))
                .containsEntry("actor", "admin")
                .containsEntry("action", "POST /api/v1/hosts")
                .containsEntry("origin", "api")
                .containsEntry("status", "201")
                .containsEntry("address", "127.0.0.1")
                .containsEntry("request_id", "r-1");
        assertThat(entry("?target_type=host&target_id=h1&actor=admin&outcome=refused"))
                .containsEntry("status", "409")
                .containsEntry("detail", "host_exists");
        assertThat(entry("?actor=ann&target_type=host"))
                .containsEntry("action", "POST /api/v1/hosts/{id}/drain")
                .containsEntry("target_id", "h1")
                .containsEntry("status", "403")
                .containsEntry("detail", "forbidden");
        assertThat(entry("?action=/ROLE"))
                .containsEntry("detail", "role admin")
                .containsEntry("target_type", "user")
                .containsEntry("target_id", me(user));
    }

    @Test
    void whatTheSystemDidByItselfHasNoStatusAndNoAddress() {
        Shared.SERVER
                .bean(AutomaticChanges.class)
                .ofHost(AutomaticChanges.HOST_WATCH, "host quarantined", "h1", "nothing was heard of it for 40 s");

        var entry =
                admin.get("/api/v1/audit?origin=automatic").json().get("items").get(0);

        assertThat(entry.get("actor").asString()).isEqualTo("host-watch");
        assertThat(entry.get("outcome").asString()).isEqualTo("done");
        assertThat(entry.get("status").isNull()).isTrue();
        assertThat(entry.get("address").isNull()).isTrue();
    }

    @Test
    void anExportHasEveryEntryOnceHoweverManyThereAre() throws IOException, InterruptedException {
        jdbc.sql("""
                        INSERT INTO audit_log (actor, action, subject, outcome, detail)
                        SELECT 'many', 'POST /api/v1/gpus', 'gpu/' || i, 201, CASE i WHEN 7 THEN '=cmd,"x"' END
                        FROM generate_series(1, 1234) i""").update();

        var ndjson = Client.http()
                .send(
                        admin.request("/api/v1/audit?actor=many&format=ndjson").build(),
                        HttpResponse.BodyHandlers.ofString());
        var csv = admin.get("/api/v1/audit?actor=many&format=csv");

        assertThat(ndjson.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        assertThat(ndjson.headers().firstValue("Content-Disposition"))
                .hasValueSatisfying(name -> assertThat(name).contains("audit.ndjson"));
        var ids = ndjson.body()
                .lines()
                .map(line -> JSON.readTree(line).get("target_id").asInt())
                .toList();
        assertThat(ids).hasSize(1234).doesNotHaveDuplicates().first().isEqualTo(1234);
        assertThat(csv.header("Content-Type")).startsWith("text/csv");
        var lines = csv.http().body().split("\r\n");
        assertThat(lines).hasSize(1235);
        assertThat(lines[0])
                .isEqualTo("id,at,origin,actor,address,action,target_type,target_id,outcome,status,detail,request_id");
        // No spreadsheet runs what somebody wrote.
        assertThat(csv.http().body()).contains("gpu,7,done,201,\"'=cmd,\"\"x\"\"\",");
        assertThat(admin.get("/api/v1/audit?actor=nobody-of-that-name&format=csv")
                        .http()
                        .body()
                        .lines())
                .hasSize(1);
    }

    @Test
    void pagesAndTimesAreOfTheSameWhole() {
        jdbc.sql("""
                        INSERT INTO audit_log (actor, action, outcome, at)
                        SELECT 'past', 'POST /api/v1/gpus', 201, timestamptz '2026-01-01' + i * interval '1 day'
                        FROM generate_series(0, 9) i""").update();

        assertThat(total("?actor=past")).isEqualTo(10);
        assertThat(total("?actor=past&from=2026-01-03T00:00:00Z&to=2026-01-05T00:00:00Z"))
                .isEqualTo(2);
        assertThat(total("?actor=past&from=2026-01-03T01:00:00%2B01:00&to=2026-01-03T00:00:00.001Z"))
                .isEqualTo(1);
        assertThat(admin.get("/api/v1/audit?actor=past&page=4&page_size=3")
                        .json()
                        .get("items"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            outcome=wrong                                        | outcome
            outcome=DONE                                         | outcome
            outcome=                                             | outcome
            origin=x                                             | origin
            from=yesterday                                       | from
            from=                                                | from
            from=2026-01-01                                      | from
            from=2026-01-01T00:00:00                             | from
            from=1999-12-31T23:59:59Z                            | from
            to=%2B999999999-12-31T23:59:59Z                      | to
            to=2026-13-01T00:00:00Z                              | to
            from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z    | to
            format=xml                                           | format
            format=                                              | format
            format=CSV                                           | format
            page_size=101&format=csv                             | page_size
            """)
    void aParameterThatIsNoneIsNamed(String query, String field) {
        var answer = admin.get("/api/v1/audit?" + query);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid_parameter");
        assertThat(answer.json().get("errors").get(0).get("field").asString()).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            actor=%27%20OR%201%3D1--
            action=%25
            action=_
            target_id=%ED%A0%80
            target_type=..%2f..
            """)
    void aFilterIsTakenAsItIs(String query) {
        var answer = admin.get("/api/v1/audit?" + query);
        assertThat(answer.status()).as(answer.toString()).isIn(200, 400);
        if (answer.status() == 200) {
            assertThat(answer.json().get("total").asInt()).isZero();
        }
    }

    private long total(String query) {
        return admin.get("/api/v1/audit" + query).json().get("total").asLong();
    }

    /** The only one. */
    private Map<String, String> entry(String query) {
        eventually(() -> total(query) > 0);
        var page = admin.get("/api/v1/audit" + query).json();
        assertThat(page.path("total").asInt()).as(page.toString()).isEqualTo(1);
        var fields = new TreeMap<String, String>();
        page.get("items").get(0).properties().forEach(field -> fields.put(field.getKey(), text(field.getValue())));
        return fields;
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.asString() : value.toString();
    }

    private static String me(Client who) {
        return who.get("/api/v1/users/me").json().get("id").asString();
    }
}
