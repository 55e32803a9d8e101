package io.remotegpu.api.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.api.testing.ApiServer;
import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import io.remotegpu.api.testing.Script;
import io.remotegpu.db.port.Endpoint;
import io.remotegpu.db.port.PortLeases;
import io.remotegpu.drivers.spi.Service;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EnvironmentsIT extends ApiTest {

    private static final String PATH = "/api/v1/environments";

    private Client alice = nobody;

    @BeforeEach
    void aUserAndAHost() {
        alice = nobody.user("alice");
        activeHost("h1", 2);
    }

    @Test
    void theSameKeyAndRequestGetTheSameEnvironment() {
        var first = alice.post(PATH, TERMINAL.formatted("e1"), "Idempotency-Key", "key 1");
        var again = alice.post(PATH, """
                {"storage":1073741824,"gpu":0,"memory":"1024Mi","cpu":1,"deployment_mode":"docker","environment_type":"terminal","name":"e1"}""", "Idempotency-Key", "key 1", "Prefer", "wait=20");
        assertThat(first.status()).as(first.toString()).isEqualTo(202);
        assertThat(again.status()).as(again.toString()).isEqualTo(202);
        assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));

        var other = alice.post(PATH, TERMINAL.formatted("e2"), "Idempotency-Key", "key 1");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("idempotency_key_reused");
        assertThat(alice.post(PATH, TERMINAL.formatted("e2"), "Idempotency-Key", "x".repeat(256))
                        .code())
                .isEqualTo("invalid_parameter");
        assertThat(nobody.user("bob")
                        .post(PATH, TERMINAL.formatted("e1"), "Idempotency-Key", "key 1")
                        .json()
                        .get("id"))
                .isNotEqualTo(first.json().get("id"));
        assertThat(count("environments")).isEqualTo(2);
    }

    @Test
    void theSameKeySentManyTimesAtOnceMakesOneEnvironment() throws Exception {
        var ids = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Client.Answer> post = () -> alice.post(PATH, TERMINAL.formatted("e1"), "Idempotency-Key", "k");
            for (var answer :
                    threads.invokeAll(IntStream.range(0, 12).mapToObj(i -> post).toList())) {
                assertThat(answer.get().status()).as(answer.get().toString()).isEqualTo(202);
                ids.add(answer.get().json().get("id").asString());
            }
        }
        assertThat(ids).containsOnly(ids.getFirst());
        assertThat(count("environments")).isEqualTo(1);
        assertThat(count("reservations")).isEqualTo(1);
    }

    @Test
    void whatIsRefusedSaysWhyAndStoresNothing() {
        alice.post(PATH, TERMINAL.formatted("taken"), "Prefer", "wait=20");
        var before = stored();

        var taken = alice.post(PATH, TERMINAL.formatted("taken"));
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.code()).isEqualTo("name_taken");

        var tooMuch = alice.post(
                PATH,
                TERMINAL.formatted("big").replace("\"cpu\":1", "\"cpu\":33").replace("1Gi", "200Gi"));
        assertThat(tooMuch.status()).as(tooMuch.toString()).isEqualTo(409);
        assertThat(tooMuch.code()).isEqualTo("quota_exceeded");
        assertThat(tooMuch.json()
                        .get("errors")
                        .valueStream()
                        .map(error -> error.get("field").asString()))
                .contains("cpu", "memory");

        var full = alice.post(PATH, TERMINAL.formatted("gpus").replace("\"gpu\":0", "\"gpu\":3"));
        assertThat(full.status()).as(full.toString()).isEqualTo(409);
        assertThat(full.code()).isEqualTo("no_capacity");

        assertThat(stored()).isEqualTo(before);
    }

    @Test
    void aSecondOperationIsRefusedWithWhatRuns() {
        Script.hold();
        var path = PATH + "/"
                + alice.post(PATH, TERMINAL.formatted("e1")).json().get("id").asString();
        var busy = alice.post(path + "/stop");
        assertThat(busy.status()).isEqualTo(409);
        assertThat(busy.code()).isEqualTo("operation_in_progress");
        assertThat(busy.json().get("detail").asString()).contains("create by alice");
        assertThat(alice.get(path).json().get("operation").get("outcome").isNull())
                .isTrue();
        var held = alice.get(path, "Prefer", "wait=1");
        assertThat(held.json().get("status").asString()).isEqualTo("creating");

        Script.letGo();
        eventually(() -> alice.get(path).json().get("status").asString().equals("running"));
        Script.hold();
        assertThat(alice.post(path + "/stop").status()).isEqualTo(202);
        assertThat(alice.delete(path).code()).isEqualTo("operation_in_progress");
        assertThat(alice.post(path + "/start").code()).isEqualTo("operation_in_progress");
    }

    @Test
    void whatComesWhileTheOneBeforeIsJustEndingWaitsForItsEnd() throws Exception {
        Script.linger();
        var path = PATH + "/" + running("e1");
        try (var caller = Executors.newSingleThreadExecutor()) {
            var stop = caller.submit(() -> alice.post(path + "/stop"));
            assertThatThrownBy(() -> stop.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            Script.letGo();
            var answer = stop.get();
            assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        }
    }

    /** Neither a stop nor a start knows what a delete is; its rows say already that it has ended. */
    @Test
    void aDeleteThatMeetsAStopThatIsJustEndingWaitsForItsEnd() throws Exception {
        var path = PATH + "/" + running("e1");
        Script.linger();
        assertThat(alice.post(path + "/stop", "", "Prefer", "wait=20")
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("stopped");
        try (var caller = Executors.newSingleThreadExecutor()) {
            var delete = caller.submit(() -> alice.delete(path));
            assertThatThrownBy(() -> delete.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            Script.letGo();
            var answer = delete.get();
            assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        }
    }

    @Test
    void whatTheStatusDoesNotAllowIsRefused() {
        var path = PATH + "/" + running("e1");
        var started = alice.post(path + "/start");
        assertThat(started.status()).as(started.toString()).isEqualTo(409);
        assertThat(started.code()).isEqualTo("invalid_state");
        assertThat(alice.send("POST", path + "/stop", null, "Prefer", "wait=20").status())
                .isEqualTo(202);
        assertThat(alice.get(path + "/access").code()).isEqualTo("invalid_state");
    }

    @Test
    void aDeleteReachesACreateThatIsUnderWay() {
        Script.hold();
        var path = PATH + "/"
                + alice.post(PATH, TERMINAL.formatted("e1")).json().get("id").asString();
        var deleted = alice.delete(path);
        assertThat(deleted.status()).as(deleted.toString()).isEqualTo(202);
        Script.letGo();
        eventually(() -> alice.get(path).status() == 404);
        assertThat(count("reservations")).isZero();
        assertThat(count("port_leases")).isZero();
    }

    @Test
    void aDeleteThatCutsACreateShortIsWaitedForToItsEnd() {
        Script.hold();
        var path = PATH + "/"
                + alice.post(PATH, TERMINAL.formatted("e1")).json().get("id").asString();
        CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS).execute(Script::letGo);
        var deleted = alice.delete(path, "Prefer", "wait=20");
        assertThat(deleted.json().get("status").asString())
                .as(deleted.toString())
                .isEqualTo("deleted");
        assertThat(alice.get(path).status()).isEqualTo(404);
    }

    @Test
    void aDeleteSentTwiceIsAnsweredTwice() {
        var path = PATH + "/" + running("e1");
        Script.hold();
        assertThat(alice.delete(path).status()).isEqualTo(202);
        var again = alice.delete(path);
        assertThat(again.status()).as(again.toString()).isEqualTo(202);
        Script.letGo();
        eventually(() -> alice.get(path).status() == 404);
    }

    @Test
    void preferWaitHoldsTheAnswerAtMostThatLong() {
        Script.hold();
        var started = System.nanoTime();
        var answer = alice.post(PATH, TERMINAL.formatted("e1"), "Prefer", "respond-async, wait=1");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofSeconds(1));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=1");
        assertThat(answer.json().get("status").asString()).isEqualTo("creating");
        assertThat(alice.post(PATH, TERMINAL.formatted("e2"), "Prefer", "wait=soon")
                        .header("Preference-Applied"))
                .isEmpty();
    }

    @Test
    void listsAreFilteredPagedAndOnesOwn() {
        running("e1");
        running("e2");
        var bob = nobody.user("bob");
        bob.post(PATH, TERMINAL.formatted("b1"), "Prefer", "wait=20");
        var bobsId = bob.get("/api/v1/users/me").json().get("id").asString();

        assertThat(bob.get(PATH).json().get("total").asInt()).isEqualTo(1);
        assertThat(bob.get(PATH + "?user_id=1").status()).isIn(200, 403);
        // Alice came first: she administers.
        assertThat(alice.get(PATH).json().get("total").asInt()).isEqualTo(3);
        assertThat(alice.get(PATH + "?user_id=" + bobsId).json().get("total").asInt())
                .isEqualTo(1);
        assertThat(alice.get(PATH + "?status=running&type=terminal")
                        .json()
                        .get("total")
                        .asInt())
                .isEqualTo(3);
        assertThat(alice.get(PATH + "?type=ide").json().get("total").asInt()).isZero();
        var second = alice.get(PATH + "?page=2&page_size=2").json();
        assertThat(second.get("items")).hasSize(1);
        assertThat(second.get("items").get(0).get("name").asString()).isEqualTo("e1");
        assertThat(second.get("total").asInt()).isEqualTo(3);
    }

    @Test
    void secretsGoToTheOwnerOnlyAndAreNotCached() {
        var bob = nobody.user("bob");
        var id = bob.post(PATH, TERMINAL.formatted("d").replace("terminal", "desktop"), "Prefer", "wait=20")
                .json()
                .get("id")
                .asString();
        var access = bob.get(PATH + "/" + id + "/access");
        assertThat(access.header("Cache-Control")).contains("no-store");
        var vnc = access.json()
                .get("services")
                .valueStream()
                .filter(service -> service.get("name").asString().equals("vnc"))
                .findFirst()
                .orElseThrow();
        assertThat(vnc.get("password").asString()).hasSize(8);
        assertThat(alice.get(PATH + "/" + id).status()).isEqualTo(200);
        assertThat(alice.get(PATH + "/" + id + "/access").status()).isEqualTo(403);
        assertThat(alice.get(PATH + "/" + id).http().body())
                .doesNotContain(vnc.get("password").asString());
    }

    @Test
    void theAddressesAreKnownBeforeItRunsAndSayThatItIsNotReady() {
        Script.hold();
        var path = PATH + "/"
                + alice.post(PATH, TERMINAL.formatted("e1")).json().get("id").asString();

        var early = alice.get(path + "/access").json();
        assertThat(early.get("ready").asBoolean()).isFalse();
        assertThat(early.get("services").get(0).get("port").asInt()).isBetween(22000, 29999);

        Script.letGo();
        eventually(() -> alice.get(path).json().get("status").asString().equals("running"));
        var access = alice.get(path + "/access").json();
        assertThat(access.get("ready").asBoolean()).isTrue();
        assertThat(access.get("services")).isEqualTo(early.get("services"));
    }

    @Test
    void aServiceThatIsPublishedByNameIsReachedThere() {
        var id = alice.post(PATH, TERMINAL.formatted("e1").replace("terminal", "ide"), "Prefer", "wait=20")
                .json()
                .get("id")
                .asString();
        Shared.SERVER
                .bean(PortLeases.class)
                .publish(
                        UUID.fromString(id),
                        List.of(new Endpoint(Service.JUPYTER, "jupyter-1.gpu.example.org", 443, true)));

        var services = alice.get(PATH + "/" + id + "/access").json().get("services");
        assertThat(services.get(0).get("port").asInt()).as("SSH").isBetween(22000, 29999);
        assertThat(services.get(1).get("host").asString()).isEqualTo("jupyter-1.gpu.example.org");
        assertThat(services.get(1).get("url").asString()).startsWith("https://jupyter-1.gpu.example.org/lab?token=");
    }

    @Test
    void theLogIsReadByItsHostAndItsLastLinesAreAnswered() {
        var path = PATH + "/" + running("e1") + "/logs";
        var log = alice.get(path + "?tail=2");
        assertThat(log.status()).as(log.toString()).isEqualTo(200);
        assertThat(log.json().get("lines").valueStream().map(line -> line.asString()))
                .containsExactly("second line", "third line");
        assertThat(log.json().get("taken_at").asString()).endsWith("Z");
        assertThat(log.header("Cache-Control")).contains("no-store");

        var text = alice.get(path, "Accept", "text/plain");
        assertThat(text.header("Content-Type")).contains("text/plain");
        assertThat(text.http().body()).isEqualTo(String.join("\n", Script.log()) + "\n");
        assertThat(alice.get(path, "Accept", "text").code()).isEqualTo("invalid_parameter");
    }

    @Test
    void ofWhatDoesNotRunTheLogIsWhatWasKept() {
        var path = PATH + "/" + running("e1");
        alice.send("POST", path + "/stop", null, "Prefer", "wait=20");
        assertThat(alice.get(path + "/logs").json().get("taken_at").isNull()).isTrue();
        assertThat(alice.get(path + "/logs").json().get("lines")).isEmpty();

        alice.send("POST", path + "/start", null, "Prefer", "wait=20");
        assertThat(alice.get(path + "/logs").json().get("lines")).hasSize(3);
        alice.send("POST", path + "/stop", null, "Prefer", "wait=20");
        // Nobody asks the host.
        Script.refuseLogs("ENGINE_UNAVAILABLE");
        assertThat(alice.get(path + "/logs").json().get("lines")).hasSize(3);
    }

    @Test
    void aHostThatCannotReadTheLogIsSaidToBeWhatItIs() {
        var path = PATH + "/" + running("e1") + "/logs";
        Script.refuseLogs("ENGINE_UNAVAILABLE");
        var away = alice.get(path);
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.code()).isEqualTo("host_unavailable");
        assertThat(away.header("Retry-After")).isEqualTo("5");
        assertThat(away.json().get("detail").asString()).contains("h1", "the script says");

        Script.refuseLogs("UNSUPPORTED");
        assertThat(alice.get(path).status()).isEqualTo(409);
        assertThat(alice.get(path).code()).isEqualTo("unsupported");
    }

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

    @Test
    void eventsAreStreamedAsTheyHappenAndGoOnWhereAStreamEnded() throws Exception {
        Script.hold();
        var path = PATH + "/"
                + alice.post(PATH, TERMINAL.formatted("e1")).json().get("id").asString();
        var seen = alice.get(path + "/events").json();
        var after = seen.get("after").asLong();
        try (var body = Client.http()
                .send(
                        alice.request(path + "/events")
                                .header("Accept", "text/event-stream")
                                .header("Last-Event-ID", Long.toString(after))
                                .build(),
                        BodyHandlers.ofInputStream())
                .body()) {
            var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            assertThat(lines.readLine()).startsWith(":");
            Script.letGo();
            var id = nextId(lines);
            assertThat(id).isGreaterThan(after);
        }
        assertThat(alice.get(path + "/events", "Accept", "text/event-stream", "Last-Event-ID", "x")
                        .code())
                .isEqualTo("invalid_parameter");
    }

    @Test
    void aStreamEndsWithTheTokenThatOpenedItAndAUserHasTenAtMost() throws Exception {
        var path = PATH + "/" + running("e1") + "/events";
        assertThat(alice.send("HEAD", path, null, "Accept", "text/event-stream").status())
                .isEqualTo(200);
        var open = new ArrayList<HttpResponse<InputStream>>();
        for (int i = 0; i < 10; i++) {
            open.add(Client.http()
                    .send(
                            alice.request(path)
                                    .header("Accept", "text/event-stream")
                                    .build(),
                            BodyHandlers.ofInputStream()));
            assertThat(open.getLast().statusCode()).isEqualTo(200);
        }
        var oneMore = alice.get(path, "Accept", "text/event-stream");
        assertThat(oneMore.status()).isEqualTo(429);
        assertThat(oneMore.code()).isEqualTo("too_many_streams");

        assertThat(alice.post("/api/v1/users/logout").status()).isEqualTo(204);
        for (var stream : open) {
            // Returns only when the server has ended it.
            stream.body().readAllBytes();
        }
    }

    @Test
    void withoutTemporalTheAnswerIs503AndNothingIsStored() {
        var nowhere =
                WorkflowClient.newInstance(WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                        .setTarget("127.0.0.1:1")
                        .build()));
        var id = running("e1");
        try (var server = ApiServer.start(Shared.DATABASE, nowhere, "remotegpu.environments.admission-timeout=300ms")) {
            var caller = server.client().as(alice.token());
            var before = stored();
            for (var answer : new Client.Answer[] {
                caller.post(PATH, TERMINAL.formatted("e2")),
                caller.post(PATH + "/" + id + "/stop"),
                caller.delete(PATH + "/" + id),
                caller.get(PATH + "/" + id + "/logs")
            }) {
                assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
                assertThat(answer.code()).isEqualTo("temporal_unavailable");
                assertThat(answer.header("Retry-After")).isEqualTo("5");
            }
            assertThat(caller.post(PATH, TERMINAL.formatted("e2"), "Idempotency-Key", "k")
                            .json()
                            .get("detail")
                            .asString())
                    .contains("with the same Idempotency-Key");
            assertThat(stored()).isEqualTo(before);
        }
        nowhere.getWorkflowServiceStubs().shutdownNow();
    }

    private String running(String name) {
        return alice.post(PATH, TERMINAL.formatted(name), "Prefer", "wait=20")
                .json()
                .get("id")
                .asString();
    }

    private static long nextId(BufferedReader lines) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id:")) {
                return Long.parseLong(line.substring(3).strip());
            }
        }
        throw new AssertionError("the stream ended without an event");
    }
}
