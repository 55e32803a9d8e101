package io.remotegpu.activities.timetable;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.worker.AutomaticOperations;
import io.remotegpu.activities.worker.QueueWorker;
import io.remotegpu.db.audit.AutomaticChanges;
import io.remotegpu.db.environment.EnvironmentWishes;
import io.remotegpu.db.timetable.TimetableRows;
import io.remotegpu.db.timetable.TimetableSettings;
import io.remotegpu.db.timetable.TimetableWatch;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.drivers.spi.Timetable;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.timetable.KeepTimetables;
import io.remotegpu.workflows.timetable.TimetableWorkflows;
import io.temporal.client.WorkflowOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Environments whose time has come, on a simulated host. Time is not waited for: what began is written as if it had been before. */
class TimetableIT extends InstallationTest {

    private static QueueWorker worker;

    @BeforeAll
    static void work() {
        worker = new QueueWorker(
                installation.client(),
                TimetableWorkflows.QUEUE,
                TimetableWorkflows.implementations(),
                new TimetableActivities(
                        installation.client(),
                        new TimetableWatch(
                                installation.bean(TimetableRows.class),
                                new TimetableSettings(
                                        Duration.ofMinutes(1),
                                        Duration.ofDays(7),
                                        Duration.ofMinutes(15),
                                        Duration.ofHours(1),
                                        Duration.ofDays(30),
                                        Duration.ofDays(3))),
                        new SimpleMeterRegistry()));
        worker.start();
    }

    @AfterAll
    static void stopWorking() {
        worker.close();
    }

    @BeforeEach
    void host() {
        installation.host(HOST, 2);
    }

    @Test
    void aMomentOfTheScheduleStopsOnceAndAnotherStartsAgain() {
        running();
        schedule(minutesAgo(10), null);

        look();
        awaitEnd();

        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(installation.environment(id).stopReason()).startsWith("its schedule stops it at ");
        operations.start(id);
        awaitEnd();
        look();
        assertThat(installation.environment(id).status()).as("the same moment").isEqualTo(EnvironmentStatus.RUNNING);

        operations.stop(id);
        awaitEnd();
        schedule(null, minutesAgo(10));
        look();
        awaitEnd();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        assertThat(installation.environment(id).stopReason()).isNull();
        assertThat(audited()).anyMatch(entry -> entry.startsWith("timetable start begun: its schedule starts it at"));
    }

    @Test
    void aMomentThatIsTakenIsNotTakenAgainByAWorkflowThatComesLate() {
        running();
        schedule(minutesAgo(10), null);
        var moment = minutesAgo(10);
        assertThat(installation.bean(TimetableRows.class).take(id, moment)).isTrue();

        begin(OperationKind.STOP, moment);

        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);
        installation.assertSound();
    }

    @Test
    void aStartOfTheScheduleThatTheQuotaRefusesIsSaidAndNotTriedAgain() {
        stopped();
        schedule(null, minutesAgo(10));
        installation
                .jdbc()
                .sql("UPDATE resource_quotas SET gpu = 0 WHERE user_id = ?")
                .param(installation.user())
                .update();

        look();
        awaitEnd();
        look();

        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(events("skipped")).singleElement().asString().startsWith("the start of its schedule was refused");
    }

    @Test
    void aStartOfTheScheduleOfADeactivatedAccountIsLetPass() {
        stopped();
        schedule(null, minutesAgo(10));
        installation
                .jdbc()
                .sql("UPDATE users SET status = 'inactive' WHERE id = ?")
                .param(installation.user())
                .update();

        look();
        look();

        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(events("skipped")).singleElement().asString().endsWith("the account of 'alice' is deactivated");
    }

    @Test
    void aRunThatLastedForItsTimeIsAnnouncedAndStoppedUnlessItIsExtended() {
        running();
        began("started_at", "8 days");
        look();
        assertThat(events("warned")).singleElement().asString().startsWith("it may run for 7 d: it will be stopped at");
        look();
        assertThat(events("warned")).as("said once").hasSize(1);

        warnedBefore("16 minutes");
        installation.bean(EnvironmentWishes.class).extend(id, Duration.ofHours(1));
        look();
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);

        installation.jdbc().sql("UPDATE environments SET extended_until = NULL").update();
        look();
        assertThat(events("warned")).as("of the new end").hasSize(2);
        warnedBefore("16 minutes");
        look();
        awaitEnd();
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(installation.environment(id).stopReason()).startsWith("it has run since ");
    }

    @Test
    void aScheduleInATimeZoneThatIsGoneDoesNothingAndKeepsNothingElseFromBeingDone() {
        running();
        schedule(minutesAgo(10), null);
        installation.jdbc().sql("UPDATE timetables SET time_zone = 'Mars/Base'").update();
        look();
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);

        began("started_at", "8 days");
        look();
        warnedBefore("16 minutes");
        look();
        awaitEnd();
        assertThat(installation.environment(id).stopReason()).startsWith("it has run since ");
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
    }

    @Test
    void whatIsStoppedForLongIsAnnouncedAndDeletedAndAStartResetsIt() {
        stopped();
        began("stopped_at", "40 days");
        look();
        assertThat(events("warned")).singleElement().asString().contains("it will be deleted with its data at");

        operations.start(id);
        awaitEnd();
        operations.stop(id);
        awaitEnd();
        look();
        began("stopped_at", "50 days");
        look();
        assertThat(events("warned")).as("another notice").hasSize(2);
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.STOPPED);

        warnedBefore("3 days");
        look();
        awaitEnd();
        assertStatus(EnvironmentStatus.DELETED, Holdings.NOTHING);
        assertThat(audited()).anyMatch(entry -> entry.startsWith("timetable delete begun: it was stopped since"));
    }

    @Test
    void aDeleteThatComesLateDoesNotDeleteWhatWasStartedOrProtectedMeanwhile() {
        stopped();
        var since = installation.environment(id).stoppedAt();
        operations.start(id);
        awaitEnd();
        begin(OperationKind.DELETE, since);
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);

        operations.stop(id);
        awaitEnd();
        begin(OperationKind.DELETE, since);
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.STOPPED);

        installation.bean(EnvironmentWishes.class).keep(id, null, true, null);
        begin(OperationKind.DELETE, installation.environment(id).stoppedAt());
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.STOPPED);
    }

    /** One that has just been written has no moment in the past: as if it had been there for an hour. */
    private void schedule(@Nullable Instant stop, @Nullable Instant start) {
        installation
                .bean(TimetableRows.class)
                .write(
                        id,
                        new Timetable(
                                null, stop == null ? null : cron(stop), start == null ? null : cron(start), "UTC"));
        installation
                .jdbc()
                .sql("UPDATE timetables SET dealt_with = dealt_with - interval '1 hour'")
                .update();
    }

    /** That minute, once a year. */
    private static String cron(Instant moment) {
        var at = moment.atZone(ZoneOffset.UTC);
        return at.getMinute() + " " + at.getHour() + " " + at.getDayOfMonth() + " " + at.getMonthValue() + " *";
    }

    private static Instant minutesAgo(int minutes) {
        return Instant.now().minus(Duration.ofMinutes(minutes)).truncatedTo(ChronoUnit.MINUTES);
    }

    private void began(String column, String ago) {
        installation
                .jdbc()
                .sql("UPDATE environments SET " + column + " = now() - CAST(? AS interval) WHERE id = ?")
                .params(ago, id)
                .update();
    }

    private void warnedBefore(String time) {
        installation
                .jdbc()
                .sql("UPDATE announced_ends SET warned_at = warned_at - CAST(? AS interval)")
                .param(time)
                .update();
    }

    private void begin(OperationKind kind, @Nullable Instant moment) {
        new AutomaticOperations(installation.client())
                .begin(
                        kind,
                        new AutomaticOperations.Subject(id, "train", "alice", DeploymentMode.SIMULATED, HOST),
                        new OperationRequest(id, AutomaticChanges.TIMETABLE, null, null, "it looked due", moment));
        awaitEnd();
    }

    private void look() {
        installation
                .client()
                .newWorkflowStub(
                        KeepTimetables.class,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(TimetableWorkflows.SCHEDULE + "-" + UUID.randomUUID())
                                .setTaskQueue(TimetableWorkflows.QUEUE)
                                .build())
                .keep();
    }

    private List<String> audited() {
        return installation
                .jdbc()
                .sql(
                        "SELECT actor || ' ' || action || ': ' || detail FROM audit_log WHERE subject = ? AND actor = 'timetable'")
                .param("environment/" + id)
                .query(String.class)
                .list();
    }
}
