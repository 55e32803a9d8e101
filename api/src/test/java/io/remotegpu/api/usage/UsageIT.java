package io.remotegpu.api.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiServer;
import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users and administrators learn of what was used. */
class UsageIT extends ApiTest {

    private static final String JANUARY = "from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z";

    private Client admin = nobody;
    private Client ann = nobody;
    private Client bob = nobody;

    @BeforeEach
    void threeUsersOfWhomTwoUsedSomething() {
        admin = nobody.user("admin");
        ann = nobody.user("ann");
        bob = nobody.user("bob");
        // From the last evening of the year to the first morning of February.
        held(
                "gpu",
                "gpu/1",
                "ann",
                "host-1",
                "NVIDIA H100",
                null,
                null,
                null,
                "2025-12-31T22:00:00Z",
                "2026-01-01T06:00:00Z");
        // From before it was held to an hour into the year it was used, then not, and then nobody saw.
        jdbc.sql("""
                        INSERT INTO gpu_use_log (environment_id, since, until, busy) VALUES
                            (:id, '2025-12-31T20:00:00Z', '2026-01-01T01:00:00Z', true),
                            (:id, '2026-01-01T01:00:00Z', '2026-01-01T04:00:00Z', false)""").param("id", new UUID(9, "ann".hashCode())).update();
        held(
                "gpu",
                "gpu/2",
                "ann",
                "host-2",
                "NVIDIA A10",
                null,
                null,
                null,
                "2026-01-31T20:00:00Z",
                "2026-02-01T06:00:00Z");
        held(
                "host",
                "host/host-1",
                "bob",
                "host-1",
                null,
                8,
                4L << 30,
                null,
                "2026-01-10T00:00:00Z",
                "2026-01-11T12:00:00Z");
        held(
                "quota",
                "user/3",
                "bob",
                null,
                null,
                null,
                null,
                100L << 30,
                "2026-01-09T23:00:00Z",
                "2026-01-12T00:00:00Z");
    }

    private void held(Object... values) {
        var user = String.valueOf(values[2]);
        values[2] = new UUID(9, user.hashCode());
        jdbc.sql("""
                        INSERT INTO holding_log (kind, thing, environment_id, host_id, model, cpu, memory, storage, held_from, held_to, user_id)
                        SELECT ?, ?, ?, ?, ?, CAST(? AS integer), CAST(? AS bigint), CAST(? AS bigint), CAST(? AS timestamptz),
                            CAST(? AS timestamptz), id
                        FROM users WHERE username = ?""").params(values).param(user).update();
    }

    @Test
    void usersSeeTheirOwnAndAdministratorsEverybodys() {
        assertThat(item(ann, "", 0)).containsEntry("username", "ann").containsEntry("gpu_hours", "10.0");
        assertThat(total(ann, "")).isEqualTo(1);
        assertThat(total(admin, "")).isEqualTo(2);
        assertThat(item(admin, "&user_id=" + id(bob), 0))
                .containsEntry("username", "bob")
                .containsEntry("gpu_hours", "0.0")
                .containsEntry("cpu_hours", "288.0")
                .containsEntry("memory_gib_hours", "144.0")
                .containsEntry("storage_gib_hours", "4900.0");
        assertThat(item(bob, "&user_id=" + id(bob), 0)).containsEntry("username", "bob");
        assertThat(bob.get("/api/v1/usage?user_id=" + id(ann)).code()).isEqualTo("forbidden");
        assertThat(admin.get("/api/v1/usage?user_id=999999999").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            user             | 2  | 10.0
            host             | 3  | 10.0
            model            | 3  | 10.0
            environment      | 2  | 10.0
            day              | 5  | 10.0
            month            | 1  | 10.0
            user,host,day    | 5  | 10.0
            """)
    void isAddedUpByWhatIsAskedFor(String by, int rows, String gpuHours) {
        var report = admin.get("/api/v1/usage?page_size=100&group_by=" + by + "&" + JANUARY)
                .json();

        assertThat(report.get("items")).hasSize(rows);
        assertThat(report.get("total").asInt()).isEqualTo(rows);
        assertThat(report.get("sum").get("gpu_hours").asString()).isEqualTo(gpuHours);
        assertThat(report.get("sum").get("gpu_seconds").asString()).isEqualTo("36000.0");
        assertThat(report.get("group_by")).hasSize(by.split(",").length);
        assertThat(report.get("currency").isNull()).isTrue();
        assertThat(report.get("sum").get("cost").isNull()).isTrue();
    }

    @Test
    void isCutAtTheBordersOfDaysInUtc() {
        var days = admin.get("/api/v1/usage?group_by=day,model&page_size=100&" + JANUARY)
                .json()
                .get("items");

        assertThat(days.get(0).get("period_start").asString()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(days.get(0).get("gpu_hours").asString()).isEqualTo("6.0");
        var last = days.get(days.size() - 1);
        assertThat(last.get("period_start").asString()).isEqualTo("2026-01-31T00:00:00Z");
        assertThat(last.get("model").asString()).isEqualTo("NVIDIA A10");
        assertThat(last.get("gpu_hours").asString()).isEqualTo("4.0");
    }

    @Test
    void tellsHowMuchOfTheGpuTimeWasIdleAndOfHowMuchNothingIsKnown() {
        assertThat(item(ann, "&group_by=model", 1))
                .containsEntry("model", "NVIDIA H100")
                .containsEntry("gpu_seconds", "21600.0")
                .containsEntry("gpu_busy_seconds", "3600.0")
                .containsEntry("gpu_idle_seconds", "10800.0")
                .containsEntry("gpu_unseen_seconds", "7200.0")
                .containsEntry("gpu_idle_share", "0.75");
        assertThat(item(ann, "&group_by=model", 0))
                .containsEntry("model", "NVIDIA A10")
                .containsEntry("gpu_unseen_seconds", "14400.0")
                .containsEntry("gpu_idle_share", "null");
    }

    @Test
    void isAFileForThoseWhoWantOne() {
        var csv = admin.get("/api/v1/usage?format=csv&group_by=user,model&" + JANUARY);

        assertThat(csv.header("Content-Type")).startsWith("text/csv");
        assertThat(csv.header("Content-Disposition")).contains("usage.csv");
        assertThat(csv.http().body().split("\r\n"))
                .hasSize(4)
                .startsWith(
                        "user_id,username,host_id,model,environment_id,environment_name,period_start,gpu_seconds,gpu_hours,"
                                + "cpu_hours,memory_gib_hours,storage_gib_hours,cost,gpu_busy_seconds,gpu_idle_seconds,"
                                + "gpu_unseen_seconds,gpu_idle_share",
                        id(ann) + ",ann,,NVIDIA A10,,,,14400.000000,4.000000,0.000000,0.000000,0.000000,,"
                                + "0.000000,0.000000,14400.000000,");
    }

    @Test
    void costsWhatTheInstallationSays() {
        try (var priced = ApiServer.start(
                Shared.DATABASE,
                workflows(),
                "remotegpu.usage.prices.currency=EUR",
                "remotegpu.usage.prices.gpu-hour=nvidia h100=2.50,*=1.20",
                "remotegpu.usage.prices.core-hour=0.02",
                "remotegpu.usage.prices.storage-gib-hour=0.0001")) {
            var report = priced.client()
                    .as(admin.token())
                    .get("/api/v1/usage?group_by=user&" + JANUARY)
                    .json();

            assertThat(report.get("currency").asString()).isEqualTo("EUR");
            assertThat(report.get("items").get(0).get("cost").asString()).isEqualTo("19.8");
            assertThat(report.get("items").get(1).get("cost").asString()).isEqualTo("6.25");
            assertThat(report.get("sum").get("cost").asString()).isEqualTo("26.05");
        }
    }

    @Test
    void whatRunsNowCountsUntilNow() {
        held("gpu", "gpu/3", "bob", "host-1", "NVIDIA H100", null, null, null, "2026-02-01T00:00:00Z", null);

        var report = bob.get("/api/v1/usage?from=2026-02-01T00:00:00Z&to=2099-01-01T00:00:00Z")
                .json();

        assertThat(report.get("to").asString()).isLessThan("2099");
        assertThat(report.get("sum").get("gpu_hours").asDouble()).isGreaterThan(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            group_by=                                                              | group_by
            group_by=x                                                             | group_by
            group_by=USER                                                          | group_by
            group_by=user,                                                         | group_by
            group_by=day,month                                                     | group_by
            group_by=user,user,user,user,user,user,user                            | group_by
            group_by=day&from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z         | group_by
            group_by=month&from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z       | ''
            from=x                                                                 | from
            from=2026-01-01                                                        | from
            from=0000-01-01T00:00:00Z                                              | from
            to=-292275055-05-16T16:47:04Z                                          | to
            to=2100-01-01T00:00:01Z                                                | to
            from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z                      | to
            from=2026-02-01T00:00:00.123456789Z&to=2026-02-01T00:00:00.123456789Z  | ''
            from=2026-02-01T00:00:00%2B18:00&to=2026-02-01T00:00:00-18:00          | ''
            user_id=x                                                              | user_id
            user_id=99999999999999999999                                           | user_id
            format=ndjson                                                          | format
            page=0                                                                 | page
            page=1000000&page_size=100                                             | ''
            """)
    void aParameterThatIsNoneIsNamed(String query, String field) {
        var answer = admin.get("/api/v1/usage?" + query);
        if (field.isEmpty()) {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            return;
        }
        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid_parameter");
        assertThat(answer.json().get("errors").get(0).get("field").asString()).isEqualTo(field);
    }

    private static String id(Client who) {
        return who.get("/api/v1/users/me").json().get("id").asString();
    }

    private static int total(Client who, String query) {
        return who.get("/api/v1/usage?" + JANUARY + query).json().get("total").asInt();
    }

    private static Map<String, String> item(Client who, String query, int index) {
        var answer = who.get("/api/v1/usage?" + JANUARY + query);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        var fields = new TreeMap<String, String>();
        answer.json()
                .get("items")
                .get(index)
                .properties()
                .forEach(field -> fields.put(
                        field.getKey(),
                        field.getValue().isString()
                                ? field.getValue().asString()
                                : field.getValue().toString()));
        return fields;
    }
}
