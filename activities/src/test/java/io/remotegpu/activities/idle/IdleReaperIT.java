package io.remotegpu.activities.idle;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.activities.worker.AutomaticOperations;
import io.remotegpu.activities.worker.QueueWorker;
import io.remotegpu.db.audit.AutomaticChanges;
import io.remotegpu.db.environment.EnvironmentWishes;
import io.remotegpu.db.environment.Setting;
import io.remotegpu.db.idle.IdleRows;
import io.remotegpu.db.idle.IdleSettings;
import io.remotegpu.db.idle.IdleWatch;
import io.remotegpu.db.idle.Idleness;
import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.idle.IdleWorkflows;
import io.remotegpu.workflows.idle.Seen;
import io.remotegpu.workflows.idle.WatchIdleness;
import io.temporal.client.WorkflowOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Environments that nobody uses, with GPUs of a simulated host. Time is not waited for: what was seen before is written as if it
 * had been.
 */
class IdleReaperIT extends InstallationTest {

    private static SimpleMeterRegistry meters;
    private static QueueWorker worker;

    @BeforeAll
    static void watch() {
        meters = new SimpleMeterRegistry();
        worker = new QueueWorker(
                installation.client(),
                IdleWorkflows.QUEUE,
                IdleWorkflows.implementations(),
                new IdleActivities(installation.client(), installation.bean(IdleWatch.class), meters));
        worker.start();
    }

    @AfterAll
    static void unwatch() {
        worker.close();
    }

    @BeforeEach
    void host() {
        installation.host(HOST, 2);
    }

    @Test
    void whatNobodyUsesIsAnnouncedAndThenStoppedAndSaysWhy() {
        idleFor("2 hours");

        look();

        assertThat(events("warned")).singleElement().asString().startsWith("nobody uses it since ");
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);
        look();
        assertThat(events("warned")).as("said once").hasSize(1);

        warnedBefore("13 minutes");
        look();
        awaitEnd();

        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(installation.environment(id).stopReason())
                .startsWith(
                        "nobody used it for 2 h: no open connection, CPU at most 0.0 % of a core, GPU at most 0 %, in 1");
        assertThat(events("started")).anyMatch(message -> message.startsWith("asked for by idle-reaper: nobody"));
        assertThat(meters.counter("remotegpu.idle.stops").count()).isPositive();
        assertThat(installation
                        .jdbc()
                        .sql("SELECT actor || ' ' || action || ': ' || detail FROM audit_log WHERE subject = ?")
                        .param("environment/" + id)
                        .query(String.class)
                        .list())
                .singleElement()
                .asString()
                .startsWith("idle-reaper stop begun: nobody used it for 2 h");

        operations.start(id);
        awaitEnd();
        assertThat(installation.environment(id).stopReason()).isNull();
        look();
        assertThat(state()).as("a start is use").isEqualTo(Idleness.State.IDLE);
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);
    }

    @Test
    void oneOpenConnectionKeepsIt() {
        idleFor("2 hours");
        installation.driver(HOST).use(id, new Activity(1, 0L, 0, null));

        look();

        assertThat(state()).isEqualTo(Idleness.State.IN_USE);
        assertThat(events("warned")).isEmpty();
    }

    @Test
    void aGpuThatCannotBeSeenKeepsItAndSoDoesAHostThatIsAway() {
        idleFor("2 hours");
        installation.driver(HOST).use(id, new Activity(0, 0L, null, null));
        look();
        assertThat(state()).isEqualTo(Idleness.State.UNKNOWN);

        installation.driver(HOST).use(id, new Activity(0, 0L, 0, null));
        installation.crashHost(HOST);
        try {
            look();
        } finally {
            installation.startHost(HOST);
        }
        assertThat(state()).isEqualTo(Idleness.State.UNKNOWN);
        assertThat(events("warned")).isEmpty();
    }

    @Test
    void anExtensionAndAProtectionWinAlsoOverAStopThatIsOnItsWay() {
        idleFor("2 hours");
        look();
        warnedBefore("13 minutes");
        var wishes = installation.bean(EnvironmentWishes.class);
        wishes.extend(id, Duration.ofHours(1));

        look();
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);
        stopAnyway();
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);

        installation.jdbc().sql("UPDATE environments SET extended_until = NULL").update();
        wishes.keep(id, null, true, null);
        stopAnyway();
        look();
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);
        assertThat(installation.bean(IdleRows.class).state(id)).isEmpty();
        installation.assertSound();
    }

    @Test
    void withoutATimeoutNobodyLooksUnlessItHoldsGpus() {
        operations.create(installation.user(), id, Specs.terminal("plain", 0));
        awaitEnd();

        look();

        assertThat(installation.bean(IdleWatch.class).watched()).isEmpty();
        assertThat(samples()).isZero();
    }

    @Test
    void ofGpusThatMayBeIdleForEverIsOnlyWrittenHowTheyAreUsed() {
        operations.create(installation.user(), id, Specs.terminal("train", 1));
        awaitEnd();
        installation.driver(HOST).use(id, new Activity(1, 7L, 80, null));

        look();
        look();

        assertThat(installation
                        .jdbc()
                        .sql("SELECT DISTINCT busy FROM gpu_use_log")
                        .query(Boolean.class)
                        .list())
                .containsExactly(true);
        assertThat(installation.bean(IdleRows.class).newestSamples(id, 5))
                .hasSize(2)
                .allMatch(sample -> sample.activity().equals(new Activity(null, null, 80, null)));
        assertThat(installation.bean(IdleRows.class).state(id)).isEmpty();
    }

    @Test
    void inATrialItIsSaidOnceAndNothingIsStopped() {
        idleFor("2 hours");
        var trial = new IdleActivities(
                installation.client(),
                new IdleWatch(installation.jdbc(), installation.bean(IdleRows.class), trial()),
                meters);
        var target = Seen.of(id, new Activity(0, 0L, 0, null));

        trial.conclude(trial.begin().startedAt(), List.of(target));
        trial.conclude(trial.begin().startedAt(), List.of(target));

        assertThat(events("warned"))
                .singleElement()
                .asString()
                .startsWith("a trial only: it would be stopped now, because nobody used it for 2 h");
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);
    }

    @Test
    void theSameLookTwiceIsOne() {
        idleFor("1 hour");
        var steps = new IdleActivities(installation.client(), installation.bean(IdleWatch.class), meters);
        var pass = steps.begin().startedAt();
        var seen = List.of(Seen.of(id, new Activity(0, 0L, 0, null)));

        steps.conclude(pass, seen);
        long rows = samples();
        steps.conclude(pass, seen);

        assertThat(samples()).isEqualTo(rows);
    }

    private static IdleSettings trial() {
        return new IdleSettings(
                true,
                Duration.ofMinutes(1),
                Duration.ofMinutes(3),
                Duration.ofMinutes(5),
                Duration.ofDays(7),
                Map.of(),
                Duration.ofMinutes(15),
                5,
                5);
    }

    /** Running, may be idle for two hours, and was for that long. */
    private void idleFor(String time) {
        operations.create(installation.user(), id, Specs.terminal("train", 1));
        awaitEnd();
        installation.bean(EnvironmentWishes.class).keep(id, new Setting<>(Duration.ofHours(2)), null, null);
        installation.jdbc().sql("""
                        WITH began AS (UPDATE environments SET started_at = now() - interval '1 day' WHERE id = :id)
                        INSERT INTO activity_samples (environment_id, pass, at, connections, cpu_nanos, gpu_percent)
                        SELECT :id, at, at, 0, 0, 0
                        FROM generate_series(now() - CAST(:time AS interval), now(), interval '1 minute') AS at""").param("id", id).param("time", time).update();
    }

    private void warnedBefore(String time) {
        installation
                .jdbc()
                .sql("UPDATE idle_states SET warned_at = warned_at - CAST(? AS interval)")
                .param(time)
                .update();
    }

    private void look() {
        installation
                .client()
                .newWorkflowStub(
                        WatchIdleness.class,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(IdleWorkflows.SCHEDULE + "-" + UUID.randomUUID())
                                .setTaskQueue(IdleWorkflows.QUEUE)
                                .build())
                .watch();
    }

    private void stopAnyway() {
        new AutomaticOperations(installation.client())
                .begin(
                        OperationKind.STOP,
                        new AutomaticOperations.Subject(id, "train", "alice", DeploymentMode.SIMULATED, HOST),
                        new OperationRequest(id, AutomaticChanges.IDLE_REAPER, null, null, "it looked idle"));
        awaitEnd();
    }

    private Idleness.State state() {
        return installation.bean(IdleRows.class).state(id).orElseThrow().state();
    }

    private long samples() {
        return installation
                .jdbc()
                .sql("SELECT count(*) FROM activity_samples")
                .query(Long.class)
                .single();
    }
}
