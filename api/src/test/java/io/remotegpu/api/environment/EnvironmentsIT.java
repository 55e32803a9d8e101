package io.remotegpu.api.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.api.testing.ApiServer;
import io.remotegpu.api.testing.Client;
import io.remotegpu.api.testing.Script;
import io.remotegpu.db.port.Endpoint;
import io.remotegpu.db.port.PortLeases;
import io.remotegpu.drivers.spi.Service;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EnvironmentsIT extends EnvironmentTest {

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
}
