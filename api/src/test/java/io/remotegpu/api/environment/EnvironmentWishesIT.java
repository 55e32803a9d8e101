package io.remotegpu.api.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiServer;
import io.remotegpu.api.testing.Client;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a user, or an installation, wants of environments besides operations: for how long they run, and their size. */
class EnvironmentWishesIT extends EnvironmentTest {

    @Test
    void whatEndsByItselfSaysWhenAndTheInstallationsLimitHolds() {
        var timed = TERMINAL.formatted("own").replaceFirst("}\\s*$", """
                ,"max_lifetime": "2h", "schedule": {"stop": "30 18 * * *", "time_zone": "Asia/Tokyo"}}""");
        var own = alice.post(PATH, timed, "Prefer", "wait=20").json();
        assertThat(own.get("lifetime_ends_at").asString())
                .isEqualTo(Instant.parse(own.get("started_at").asString())
                        .plus(Duration.ofHours(2))
                        .toString());
        assertThat(own.get("schedule").get("next_stop").asString()).endsWith("T09:30:00Z");
        assertThat(own.get("deletes_at").isNull()).isTrue();
        var changed =
                alice.send("PATCH", PATH + "/" + own.get("id").asString(), """
                        {"schedule": {"stop": "45 18 * * *", "time_zone": "Asia/Tokyo"}}""").json();
        assertThat(changed.get("schedule").get("next_stop").asString()).endsWith("T09:45:00Z");
        assertThat(changed.get("lifetime_ends_at")).isEqualTo(own.get("lifetime_ends_at"));
        var path = PATH + "/" + running("any");
        assertThat(alice.get(path).json().get("lifetime_ends_at").isNull()).isTrue();

        try (var limited = ApiServer.start(
                Shared.DATABASE,
                workflows(),
                "remotegpu.timetable.max-lifetime=90m",
                "remotegpu.timetable.delete-after=30d")) {
            var caller = limited.client().as(alice.token());
            var runs = caller.get(path).json();
            var latest = Instant.parse(runs.get("started_at").asString()).plus(Duration.ofMinutes(90));
            assertThat(runs.get("lifetime_ends_at").asString()).isEqualTo(latest.toString());
            assertThat(caller.get(PATH)
                            .json()
                            .get("items")
                            .get(0)
                            .get("lifetime_ends_at")
                            .isString())
                    .isTrue();

            for (var refused : new Client.Answer[] {
                caller.send("PATCH", path, "{\"max_lifetime\":\"2h\"}"),
                caller.post(PATH, TERMINAL.formatted("longer").replaceFirst("}\\s*$", ",\"max_lifetime\":\"2h\"}"))
            }) {
                assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
                assertThat(refused.json().get("errors").get(0).get("field").asString())
                        .isEqualTo("max_lifetime");
            }
            assertThat(caller.post(path + "/extend", "{\"duration\":\"1h\"}").status())
                    .isEqualTo(200);

            caller.send("POST", path + "/stop", null, "Prefer", "wait=20");
            var rests = caller.get(path).json();
            assertThat(rests.get("lifetime_ends_at").isNull()).isTrue();
            assertThat(rests.get("deletes_at").asString())
                    .isEqualTo(Instant.parse(rests.get("stopped_at").asString())
                            .plus(Duration.ofDays(30))
                            .toString());
        }
    }

    @Test
    void onlyWhatRunsCanBeExtended() {
        var path = PATH + "/" + running("e1");
        var extended = alice.post(path + "/extend", "{\"duration\":\"8h\"}");
        assertThat(extended.status()).as(extended.toString()).isEqualTo(200);
        var until = Instant.parse(extended.json().get("extended_until").asString());
        assertThat(until).isAfter(Instant.now().plus(Duration.ofHours(7)));
        assertThat(alice.post(path + "/extend", "{\"duration\":\"1h\"}").json().get("extended_until"))
                .isEqualTo(extended.json().get("extended_until"));

        alice.send("POST", path + "/stop", null, "Prefer", "wait=20");
        var refused = alice.post(path + "/extend", "{\"duration\":\"1h\"}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("invalid_state");
    }

    @Test
    void anIdleTimeoutIsChangedWithinTheLimitsAndAnAdminProtects() {
        var path = PATH + "/" + running("e1");
        var changed = alice.send("PATCH", path, "{\"idle_timeout\":\"4h\"}");
        assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
        assertThat(changed.json().get("idle_timeout").asString()).isEqualTo("PT4H");
        var activity = alice.get(path + "/activity").json();
        assertThat(activity.get("timeout").asString()).isEqualTo("PT4H");
        assertThat(activity.get("state").isNull()).isTrue();
        assertThat(activity.get("samples").isEmpty()).isTrue();

        var tooShort = alice.send("PATCH", path, "{\"idle_timeout\":\"4m\"}");
        assertThat(tooShort.status()).isEqualTo(422);
        assertThat(tooShort.toString()).contains("idle_timeout", "PT5M");
        assertThat(alice.get(path).json().get("protected").asBoolean()).isFalse();
        alice.send("PATCH", path, "{\"protected\":true}");
        assertThat(alice.get(path).json().get("protected").asBoolean()).isTrue();
        assertThat(alice.get(path + "/activity").json().get("protected").asBoolean())
                .isTrue();
        assertThat(alice.get(path).json().get("idle_timeout").asString()).isEqualTo("PT4H");
    }

    @Test
    void howLongItRunsAndWhenItStopsAndStartsIsAskedForAndTakenBack() {
        var path = PATH + "/" + running("e1");
        var changed = alice.send("PATCH", path, """
                {"max_lifetime": "12h", "idle_timeout": "4h", "schedule":
                 {"stop": "0 20 * * MON-FRI", "start": "0 8 * * MON-FRI", "time_zone": "Europe/Berlin"}}""");
        assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
        assertThat(changed.json().get("max_lifetime").asString()).isEqualTo("PT12H");
        var schedule = changed.json().get("schedule");
        assertThat(schedule.get("stop").asString()).isEqualTo("0 20 * * MON-FRI");
        assertThat(schedule.get("time_zone").asString()).isEqualTo("Europe/Berlin");
        assertThat(Instant.parse(schedule.get("next_stop").asString())).isAfter(Instant.now());
        assertThat(Instant.parse(schedule.get("next_start").asString())).isAfter(Instant.now());

        var lessOften = alice.send("PATCH", path, "{\"max_lifetime\": null, \"idle_timeout\": null}");
        assertThat(lessOften.json().get("max_lifetime").isNull()).isTrue();
        assertThat(lessOften.json().get("idle_timeout").isNull()).isTrue();
        assertThat(lessOften.json().get("schedule"))
                .as("what is left out stays")
                .isEqualTo(schedule);
        jdbc.sql("UPDATE timetables SET time_zone = 'Mars/Base'").update();
        var nowhere = alice.get(path);
        assertThat(nowhere.status()).as("its time zone is gone").isEqualTo(200);
        assertThat(nowhere.json().get("schedule").get("time_zone").asString()).isEqualTo("Mars/Base");
        assertThat(nowhere.json().get("schedule").get("next_stop").isNull()).isTrue();
        assertThat(nowhere.json().get("schedule").get("next_start").isNull()).isTrue();
        assertThat(alice.get(PATH).status()).isEqualTo(200);
        alice.send("PATCH", path, "{\"schedule\": null}");
        assertThat(alice.get(path).json().get("schedule").isNull()).isTrue();
    }

    @Test
    void aSizeIsChangedWhileItIsStoppedAndAStartMayDoWithFewerGpus() {
        var path = PATH + "/" + running("e1");
        var tooEarly = alice.send("PATCH", path, "{\"cpu\":2}");
        assertThat(tooEarly.status()).isEqualTo(409);
        assertThat(tooEarly.toString()).contains("invalid_state", "stop it first");
        alice.send("POST", path + "/stop", null, "Prefer", "wait=20");

        var resized = alice.send("PATCH", path, "{\"cpu\":2,\"memory\":\"2Gi\",\"gpu\":1}");
        assertThat(resized.status()).as(resized.toString()).isEqualTo(200);
        assertThat(resized.json().get("cpu").asInt()).isEqualTo(2);
        assertThat(resized.json().get("memory").asLong()).isEqualTo(2L << 30);
        assertThat(resized.json().get("gpu").asInt()).isEqualTo(1);

        var tooMany = alice.post(path + "/start", "{\"gpu\":2}");
        assertThat(tooMany.status()).isEqualTo(422);
        assertThat(tooMany.toString()).contains("must be at most 1");
        var started = alice.send("POST", path + "/start", "{\"gpu\":0}", "Prefer", "wait=20");
        assertThat(started.status()).as(started.toString()).isEqualTo(202);
        assertThat(started.json().get("gpu").asInt()).isEqualTo(1);
        assertThat(started.json().get("run_gpu").asInt()).isZero();
        assertThat(started.json().get("gpus").isEmpty()).isTrue();
    }
}
