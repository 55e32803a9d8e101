package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several callers want different things at the same time, through the whole server: API, Temporal, PostgreSQL, simulated
 * engines. Each caller's answer is one of those that are allowed; what is left is what the admitted ones asked for; and no
 * invariant is violated.
 */
class RacesIT {

    private static final int HOSTS = 2;
    private static final int GPUS = 8;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Server server;
    private static Api admin;
    private static int users;

    private Api ann;
    private long annsId;
    private String annsName;

    @BeforeAll
    static void start() {
        server = new Server(
                folder.resolve("home"),
                "unix://" + folder.resolve("nothing.sock"),
                Map.of("REMOTEGPU_RECONCILER_EVERY", "1s", "REMOTEGPU_RECONCILER_GRACE", "2s"),
                "--simulate",
                HOSTS + "x" + GPUS / HOSTS);
        server.start();
        admin = server.api().register("admin");
    }

    @AfterAll
    static void nothingStays() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void aUserOfTheirOwn() {
        annsName = "ann-" + ++users;
        ann = server.api().register(annsName);
        annsId = ann.get("/users/me").expect(200).body().path("id").asLong();
        quota(100);
    }

    /** Whatever happened: everything rests, nothing is violated, nobody holds what is not theirs; then it is deleted. */
    @AfterEach
    void everythingIsSoundAndCanBeDeleted() {
        var mine = new ArrayList<UserEnvironment>();
        admin.get("/environments?page_size=100&user_id=" + annsId)
                .expect(200)
                .body()
                .path("items")
                .forEach(item -> mine.add(new UserEnvironment(
                        admin, UUID.fromString(item.path("id").asString("")))));
        for (var environment : mine) {
            Workflows.awaitEnd(server.temporal(), environment.id());
        }
        assertThat(server.rows().violations()).isEmpty();
        for (var environment : mine) {
            if (admin.get(environment.path()).status() == 200) {
                assertThat(environment.status()).isIn("running", "stopped", "failed");
                environment.delete();
            }
            Workflows.awaitEnd(server.temporal(), environment.id());
            assertThat(server.rows().heldBy(environment.id())).isEmpty();
        }
        assertThat(server.rows().violations()).isEmpty();
        assertThat(admin.get("/gpus?status=allocated").body().path("total").asInt())
                .isZero();
        assertThat(admin.get("/reconciler/findings?state=open&severity=critical")
                        .body()
                        .path("items"))
                .isEmpty();
    }

    @RepeatedTest(8)
    void startStopAndTwoDeletesOfOneEnvironmentAtOnce() throws Exception {
        var environment = UserEnvironment.running(ann, request("all-at-once", 1));
        environment.operate("stop");

        var answers = together(
                () -> ann.post(environment.path() + "/start", ""),
                () -> ann.post(environment.path() + "/stop", ""),
                () -> ann.delete(environment.path()),
                () -> ann.delete(environment.path()));

        for (var answer : answers) {
            assertThat(outcome(answer)).isIn("202", "invalid_state", "operation_in_progress", "not_found");
        }
        var deleted = answers.subList(2, 4).stream().anyMatch(answer -> answer.status() == 202);
        Workflows.awaitEnd(server.temporal(), environment.id());
        if (deleted) {
            environment.gone();
        } else {
            // Both met the start, or the stop that was refused.
            assertThat(environment.status()).isIn("running", "stopped");
        }
    }

    @RepeatedTest(3)
    void eightCreatesUnderOneIdempotencyKeyMakeOneEnvironment() throws Exception {
        var key = UUID.randomUUID().toString();
        var request = request("once", 1);

        var answers = together(
                times(8, () -> ann.post("/environments", request, "Idempotency-Key", key, "Prefer", "wait=60")));

        assertThat(answers).allSatisfy(answer -> assertThat(outcome(answer)).isEqualTo("202"));
        assertThat(answers.stream().map(answer -> answer.text("id")).distinct()).hasSize(1);
        assertThat(count()).isEqualTo(1);
        UserEnvironment.of(ann, answers.getFirst()).await("running");
        assertThat(outcome(ann.post("/environments", request("another", 1), "Idempotency-Key", key)))
                .isEqualTo("idempotency_key_reused");
        assertThat(count()).isEqualTo(1);
    }

    @RepeatedTest(3)
    void aQuotaThatIsLoweredBeneathWhatIsAskedForNeverTakesAnythingAwayAndIsNeverPassedAgain() throws Exception {
        var calls = new ArrayList<Callable<Api.Answer>>();
        for (int i = 0; i < 6; i++) {
            var request = request("gpu-" + i, 1);
            calls.add(() -> ann.post("/environments", request, "Prefer", "wait=60"));
        }
        calls.add(3, () -> quota(2));
        var answers = together(calls);

        var admitted = answers.stream().filter(answer -> answer.status() == 202).toList();
        for (var answer : answers) {
            assertThat(outcome(answer)).isIn("201", "202", "quota_exceeded");
        }
        for (var answer : admitted) {
            UserEnvironment.of(ann, answer).await("running");
        }
        var used = ann.get("/quotas/usage").expect(200).body();
        assertThat(used.path("used").path("gpu").asInt()).isEqualTo(admitted.size());
        assertThat(used.path("limits").path("gpu").asInt()).isEqualTo(2);
        if (admitted.size() >= 2) {
            assertThat(outcome(ann.post("/environments", request("one-too-many", 1))))
                    .isEqualTo("quota_exceeded");
            // What runs may go on running, but not be started again beyond the quota.
            var first = UserEnvironment.of(ann, admitted.getFirst());
            first.operate("stop");
            var again = ann.post(first.path() + "/start", "", "Prefer", "wait=60");
            assertThat(outcome(again)).isEqualTo(admitted.size() > 2 ? "quota_exceeded" : "202");
        }
    }

    @RepeatedTest(3)
    void aUserWhoIsDeactivatedInTheMiddleOfCreatesIsRefusedFromThenOnAndRunsNothing() throws Exception {
        var calls = new ArrayList<Callable<Api.Answer>>();
        for (int i = 0; i < 5; i++) {
            var request = request("mine-" + i, 1);
            calls.add(() -> ann.post("/environments", request));
        }
        calls.add(2, () -> userStatus("inactive"));
        var answers = together(calls);

        var admitted = answers.stream().filter(answer -> answer.status() == 202).toList();
        for (var answer : answers) {
            assertThat(outcome(answer)).isIn("200", "202", "401", "unauthorized", "forbidden", "account_inactive");
        }
        assertThat(ann.get("/users/me").status()).isEqualTo(401);
        for (var answer : admitted) {
            // Stopped where it ran already, given up where it was on its way.
            var environment = UserEnvironment.of(admin, answer);
            Eventually.value(
                    "it ends",
                    environment::status,
                    status -> List.of("stopped", "failed").contains(status));
        }
        assertThat(count()).isEqualTo(admitted.size());
        userStatus("active").expect(200);
        assertThat(server.api().login(annsName).get("/environments").status()).isEqualTo(200);
    }

    @RepeatedTest(3)
    void aHostThatIsDrainedInTheMiddleOfCreatesKeepsWhatItTookAndTakesNothingMore() throws Exception {
        var calls = new ArrayList<Callable<Api.Answer>>();
        for (int i = 0; i < GPUS - 1; i++) {
            var request = request("spread-" + i, 1);
            calls.add(() -> ann.post("/environments", request, "Prefer", "wait=60"));
        }
        calls.add(2, () -> admin.post("/hosts/sim-1/drain", ""));
        try {
            var answers = together(calls);
            var onDrained = new ArrayList<UUID>();
            for (var answer : answers) {
                assertThat(outcome(answer)).isIn("200", "202", "no_capacity");
                if (answer.status() == 202) {
                    var environment = UserEnvironment.of(ann, answer).await("running");
                    if (environment.look().path("host_id").asString("").equals("sim-1")) {
                        onDrained.add(environment.id());
                    }
                }
            }
            var full = ann.post("/environments", request("late", GPUS / HOSTS));
            if (full.status() == 202) {
                var late = UserEnvironment.of(ann, full).await("running");
                assertThat(late.look().path("host_id").asString("")).isEqualTo("sim-2");
            } else {
                assertThat(outcome(full)).isEqualTo("no_capacity");
            }
            assertThat(admin.get("/hosts/sim-1").expect(200).text("status")).isEqualTo("draining");
            for (var id : onDrained) {
                assertThat(new UserEnvironment(ann, id).status()).isEqualTo("running");
            }
        } finally {
            admin.post("/hosts/sim-1/activate", "").expect(200);
        }
    }

    @RepeatedTest(3)
    void aGpuThatIsSetToErrorWhileItIsHeldOrGivenStaysItsHoldersAndIsGivenToNobodyAfterwards() throws Exception {
        var held = UserEnvironment.running(ann, request("held", 1));
        var gpu = held.look().path("gpus").path(0).path("id").asLong();
        assertThat(gpu).isPositive();

        together(
                () -> gpuStatus(gpu, "error"),
                () -> ann.post("/environments", request("beside-1", 1), "Prefer", "wait=60"),
                () -> ann.post("/environments", request("beside-2", 1), "Prefer", "wait=60"));
        try {
            assertThat(held.status()).isEqualTo("running");
            assertThat(held.look().path("gpus").path(0).path("id").asLong()).isEqualTo(gpu);
            held.operate("stop");
            assertThat(admin.get("/gpus/" + gpu).expect(200).text("status")).isEqualTo("error");
            for (int i = 0; i < GPUS - 3; i++) {
                UserEnvironment.running(ann, request("rest-" + i, 1));
            }
            // Every other GPU is given away: this one is not.
            assertThat(outcome(ann.post("/environments", request("the-last", 1))))
                    .isEqualTo("no_capacity");
        } finally {
            gpuStatus(gpu, "available").expect(200);
        }
        held.operate("start");
        assertThat(held.status()).isEqualTo("running");
    }

    @RepeatedTest(3)
    void aNameThatIsAskedForWhileItsEnvironmentIsDeletedIsTakenOrFreeAndNeverGivenTwice() throws Exception {
        var first = UserEnvironment.running(ann, request("train", 1));

        var calls = times(4, () -> ann.post("/environments", request("train", 1), "Prefer", "wait=60"));
        calls.add(1, () -> ann.delete(first.path(), "Prefer", "wait=60"));
        var answers = together(calls);

        assertThat(answers.remove(1).status()).isEqualTo(202);
        for (var answer : answers) {
            assertThat(outcome(answer)).isIn("202", "name_taken");
        }
        var successors =
                answers.stream().filter(answer -> answer.status() == 202).toList();
        assertThat(successors.size()).isLessThanOrEqualTo(1);
        first.gone();
        if (successors.isEmpty()) {
            UserEnvironment.running(ann, request("train", 1));
        }
        assertThat(outcome(ann.post("/environments", request("train", 1)))).isEqualTo("name_taken");
    }

    @Test
    void aDeleteInTheMiddleOfItsOwnCreateLeavesNothing() throws Exception {
        for (int round = 0; round < 8; round++) {
            var environment = UserEnvironment.admitted(ann, request("short-" + round, 1));
            var answers = together(
                    () -> ann.delete(environment.path()),
                    () -> ann.post(environment.path() + "/stop", ""),
                    () -> ann.delete(environment.path()));

            assertThat(outcome(answers.get(0))).isIn("202", "not_found", "operation_in_progress");
            assertThat(outcome(answers.get(2))).isIn("202", "not_found", "operation_in_progress");
            Workflows.awaitEnd(server.temporal(), environment.id());
            if (answers.get(0).status() == 202 || answers.get(2).status() == 202) {
                environment.gone();
            }
        }
    }

    /** All at the same moment; their answers in order. */
    @SafeVarargs
    private static List<Api.Answer> together(Callable<Api.Answer>... calls) throws Exception {
        return together(List.of(calls));
    }

    private static List<Api.Answer> together(List<Callable<Api.Answer>> calls) throws Exception {
        var barrier = new CyclicBarrier(calls.size());
        var answers = new ArrayList<Api.Answer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<Api.Answer>>();
            for (var call : calls) {
                futures.add(threads.submit(() -> {
                    barrier.await();
                    return call.call();
                }));
            }
            for (var future : futures) {
                answers.add(future.get());
            }
        }
        return answers;
    }

    private static List<Callable<Api.Answer>> times(int count, Callable<Api.Answer> call) {
        return new ArrayList<>(IntStream.range(0, count).mapToObj(_ -> call).toList());
    }

    /** The status of what was done, the code of what was refused. */
    private static String outcome(Api.Answer answer) {
        return answer.status() < 300 || answer.text("code").isEmpty()
                ? Integer.toString(answer.status())
                : answer.text("code");
    }

    private Api.Answer quota(int gpus) {
        return admin.post("/quotas", """
                {"user_id":%d,"cpu":64,"memory":"256Gi","gpu":%d,"storage":"1Ti","environment_quota":50}""".formatted(annsId, gpus)).expect(201);
    }

    private Api.Answer userStatus(String status) {
        return admin.send("PUT", "/users/" + annsId + "/status", "{\"status\":\"" + status + "\"}");
    }

    private static Api.Answer gpuStatus(long id, String status) {
        return admin.send("PUT", "/gpus/" + id + "/status", "{\"status\":\"" + status + "\",\"reason\":\"tested\"}");
    }

    private int count() {
        return admin.get("/environments?user_id=" + annsId)
                .expect(200)
                .body()
                .path("total")
                .asInt();
    }

    private static String request(String name, int gpus) {
        return UserEnvironment.request(name, "terminal", "simulated", gpus);
    }
}
