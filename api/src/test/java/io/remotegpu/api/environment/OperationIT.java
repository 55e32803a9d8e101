package io.remotegpu.api.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import io.remotegpu.api.testing.Script;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can be said to an operation under way, by whom, and how it is answered. */
class OperationIT extends ApiTest {

    private static final String PATH = "/api/v1/environments/";

    private Client admin = nobody;
    private Client alice = nobody;
    private String id = "";

    @BeforeEach
    void aCreateUnderWay() {
        admin = nobody.user("admin");
        alice = nobody.user("alice");
        activeHost("h1", 1);
        Script.hold();
        Script.heard();
        id = alice.post("/api/v1/environments", TERMINAL.formatted("mine"))
                .json()
                .get("id")
                .asString();
    }

    @AfterEach
    void letGo() {
        Script.letGo();
    }

    @Test
    void anAdminsWordReachesTheWorkflowWithNameReasonAndOperation() {
        var operation = operation();

        var answer = admin.post(path("retry"), "{\"reason\":\"it was repaired\"}");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        assertThat(answer.header("Location")).isEqualTo(PATH + id);
        assertThat(answer.json().get("id").asString()).isEqualTo(id);
        assertThat(Script.heard()).containsExactly("retry by admin because it was repaired for " + operation);
        eventually(() -> count("audit_log WHERE actor = 'admin' AND outcome = 202 AND subject = 'environment/" + id
                        + "' AND action = 'POST /api/v1/environments/{id}/operation/retry'")
                == 1);
    }

    @Test
    void whatTheWorkflowRefusesIsAConflictWithItsReason() {
        var answer = admin.post(path("skip"), null);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("not_skippable");
        assertThat(answer.json().get("detail").asString()).isEqualTo("its host is there");
    }

    @Test
    void theOwnerMayAbortAndNothingElse() {
        for (var word : new String[] {"retry", "skip"}) {
            var refused = alice.post(path(word), "{}");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("forbidden");
        }
        assertThat(nobody.user("bob").post(path("abort"), null).status()).isEqualTo(404);
        assertThat(Script.heard()).isEmpty();

        var answer = alice.post(path("abort"), "{\"operation_id\":\"" + operation() + "\"}", "Prefer", "wait=20");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        assertThat(answer.json().get("status").asString()).isEqualTo("failed");
    }

    @Test
    void anotherOperationThanTheOneUnderWayIsNotTouched() {
        var answer = admin.post(path("abort"), "{\"operation_id\":\"another\"}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("operation_over");
        assertThat(Script.heard()).isEmpty();
    }

    @Test
    void whereNothingIsUnderWayThereIsNothingToSay() {
        Script.letGo();
        eventually(() -> operationOf("outcome").equals("succeeded"));
        for (var word : new String[] {"retry", "skip", "abort"}) {
            var answer = admin.post(path(word), null);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(409);
            assertThat(answer.code()).isEqualTo("no_operation");
            assertThat(answer.json().get("detail").asString()).contains("'mine'");
        }
        assertThat(Script.heard()).isEmpty();
    }

    private String path(String word) {
        return PATH + id + "/operation/" + word;
    }

    private String operation() {
        return operationOf("id");
    }

    private String operationOf(String field) {
        return alice.get(PATH + id).json().path("operation").path(field).asString("");
    }
}
