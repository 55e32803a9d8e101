package io.remotegpu.api.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import io.remotegpu.api.testing.Script;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueueIT extends ApiTest {

    private static final String PATH = "/api/v1/environments";

    private Client alice = nobody;
    private Client bob = nobody;

    @BeforeEach
    void aFullHost() {
        alice = nobody.user("alice");
        bob = nobody.user("bob");
        activeHost("h1", 1);
        assertThat(alice.post(PATH, gpu("holder"), "Prefer", "wait=20")
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("running");
        Script.hold();
    }

    @AfterEach
    void letGo() {
        Script.letGo();
    }

    @Test
    void whoDoesNotWantToWaitIsRefusedAtOnceAndNothingIsStored() {
        var before = stored();
        for (var request : new String[] {gpu("now"), waiting("now", "").replace("true", "false")}) {
            var refused = bob.post(PATH, request);
            assertThat(refused.status()).as(refused.toString()).isEqualTo(409);
            assertThat(refused.code()).isEqualTo("no_capacity");
        }
        assertThat(stored()).isEqualTo(before);
    }

    @Test
    void whoWaitsSeesPositionReasonAndDeadlineInTheViewAndInTheList() {
        var first = bob.post(PATH, waiting("first", ",\"wait_timeout\":\"2h\""));
        var second = bob.post(PATH, waiting("second", ",\"priority\":7"));

        assertThat(first.status()).as(first.toString()).isEqualTo(202);
        assertThat(first.json().get("status").asString()).isEqualTo("queued");
        assertThat(first.json().get("operation").get("step").asString()).isEqualTo("queue");
        assertThat(first.json().get("gpus")).isEmpty();
        var queue = first.json().get("queue");
        assertThat(queue.get("position").asInt()).isEqualTo(1);
        assertThat(queue.get("waiting").asInt()).isEqualTo(1);
        assertThat(queue.get("reason").asString()).contains("1 free GPU");
        assertThat(Duration.between(
                        Instant.parse(queue.get("since").asString()),
                        Instant.parse(queue.get("deadline").asString())))
                .isEqualTo(Duration.ofHours(2));
        assertThat(second.json().get("queue").get("position").asInt()).isEqualTo(1);
        var list = bob.get(PATH + "?status=queued").json();
        assertThat(list.get("total").asInt()).isEqualTo(2);
        assertThat(list.get("items")
                        .valueStream()
                        .map(item -> item.get("name").asString() + " "
                                + item.get("queue").get("position").asInt()))
                .containsExactlyInAnyOrder("second 1", "first 2");
        assertThat(Duration.between(
                        Instant.now(),
                        Instant.parse(second.json().get("queue").get("deadline").asString())))
                .as("the installation's default")
                .isBetween(Duration.ofHours(23), Duration.ofHours(24));
        assertThat(bob.get("/api/v1/quotas/usage").json().get("used").get("gpu").asInt())
                .as("quota is held while it waits")
                .isEqualTo(2);
        assertThat(alice.get(PATH + "?status=running")
                        .json()
                        .get("items")
                        .get(0)
                        .get("queue")
                        .isNull())
                .isTrue();
    }

    @Test
    void aDeleteEndsTheWaiting() {
        var path =
                PATH + "/" + bob.post(PATH, waiting("e", "")).json().get("id").asString();

        assertThat(bob.post(path + "/stop").code()).isEqualTo("operation_in_progress");
        assertThat(bob.delete(path).status()).isEqualTo(202);

        Script.letGo();
        eventually(() -> bob.get(path).status() == 404);
        assertThat(count("capacity_waits")).isZero();
    }

    @Test
    void aStartWaitsToo() {
        Script.letGo();
        var path = PATH + "/"
                + alice.get(PATH).json().get("items").get(0).get("id").asString();
        alice.send("POST", path + "/stop", null, "Prefer", "wait=20");
        bob.post(PATH, gpu("other"), "Prefer", "wait=20");
        Script.hold();

        var started = alice.post(path + "/start", "{\"wait\":true,\"wait_timeout\":\"90m\"}");
        assertThat(started.status()).as(started.toString()).isEqualTo(202);
        assertThat(started.json().get("status").asString()).isEqualTo("queued");
        assertThat(started.json().get("operation").get("kind").asString()).isEqualTo("start");
        assertThat(started.json().get("queue").get("reason").asString()).contains("which has its data");
        assertThat(alice.post(path + "/start").code()).isEqualTo("operation_in_progress");

        assertThat(alice.send("POST", path + "/stop", null, "Prefer", "wait=20")
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("stopped");
        assertThat(alice.post(path + "/start", "{\"wait\":true}")
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("queued");
        assertThat(alice.delete(path).status()).isEqualTo(202);
        Script.letGo();
        eventually(() -> alice.get(path).status() == 404);
    }

    private static String gpu(String name) {
        return TERMINAL.formatted(name).replace("\"gpu\":0", "\"gpu\":1");
    }

    private static String waiting(String name, String more) {
        return gpu(name).replace("\"gpu\":1", "\"gpu\":1,\"wait\":true" + more);
    }
}
