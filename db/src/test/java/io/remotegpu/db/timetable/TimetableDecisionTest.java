package io.remotegpu.db.timetable;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.timetable.TimetableDecision.Step;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Time of day is that of Berlin in winter: 20:00 is 19:00Z. */
class TimetableDecisionTest {

    private static final Instant YESTERDAY = Instant.parse("2026-11-22T10:00:00Z");

    private static final TimetableSettings LIMITED = new TimetableSettings(
            Duration.ofMinutes(1),
            Duration.ofDays(2),
            Duration.ofMinutes(15),
            Duration.ofHours(1),
            Duration.ofDays(30),
            Duration.ofDays(3));
    private static final TimetableSettings OFF = new TimetableSettings(
            Duration.ofMinutes(1), null, Duration.ofMinutes(15), Duration.ofHours(1), null, Duration.ofDays(3));

    @ParameterizedTest(name = "{0}, protected {1}, extended until {2}, dealt with until {3}, at {4}: {5} of {6}")
    @CsvSource(
            nullValues = "-",
            value = {
                // before and after the stop
                "running, false, -, 2026-11-22T10:00:00Z, 2026-11-22T18:59:59Z, NOTHING, -",
                "running, false, -, 2026-11-22T10:00:00Z, 2026-11-22T19:00:00Z, STOP, 2026-11-22T19:00:00Z",
                // missed, and done however late
                "running, false, -, 2026-11-22T10:00:00Z, 2026-11-23T06:59:00Z, STOP, 2026-11-22T19:00:00Z",
                // done once
                "running, false, -, 2026-11-22T19:00:00Z, 2026-11-22T19:01:00Z, NOTHING, -",
                "stopped, false, -, 2026-11-22T10:00:00Z, 2026-11-22T19:00:00Z, AS_IT_IS, 2026-11-22T19:00:00Z",
                "failed, false, -, 2026-11-22T10:00:00Z, 2026-11-22T19:00:00Z, AS_IT_IS, 2026-11-22T19:00:00Z",
                // protected: let pass; extended: put off
                "running, true, -, 2026-11-22T10:00:00Z, 2026-11-22T19:00:00Z, LET_PASS, 2026-11-22T19:00:00Z",
                "running, false, 2026-11-22T21:00:00Z, 2026-11-22T10:00:00Z, 2026-11-22T19:30:00Z, NOTHING, -",
                "running, false, 2026-11-22T21:00:00Z, 2026-11-22T10:00:00Z, 2026-11-22T21:00:00Z, STOP, 2026-11-22T19:00:00Z",
                // the start, in time, late, too late
                "stopped, false, -, 2026-11-22T19:00:00Z, 2026-11-23T06:59:00Z, NOTHING, -",
                "stopped, false, -, 2026-11-22T19:00:00Z, 2026-11-23T07:00:00Z, START, 2026-11-23T07:00:00Z",
                "stopped, true, -, 2026-11-22T19:00:00Z, 2026-11-23T07:59:59Z, START, 2026-11-23T07:00:00Z",
                "stopped, false, -, 2026-11-22T19:00:00Z, 2026-11-23T08:00:00Z, LET_PASS, 2026-11-23T07:00:00Z",
                "running, false, -, 2026-11-22T19:00:00Z, 2026-11-23T07:00:00Z, AS_IT_IS, 2026-11-23T07:00:00Z",
                "failed, false, -, 2026-11-22T19:00:00Z, 2026-11-23T07:00:00Z, LET_PASS, 2026-11-23T07:00:00Z",
                // both missed: the newest counts
                "running, false, -, 2026-11-22T10:00:00Z, 2026-11-23T07:10:00Z, AS_IT_IS, 2026-11-23T07:00:00Z",
                "stopped, false, -, 2026-11-21T10:00:00Z, 2026-11-22T20:00:00Z, AS_IT_IS, 2026-11-22T19:00:00Z",
            })
    void aScheduleIsKept(
            String status,
            boolean kept,
            @Nullable Instant extended,
            Instant dealtWith,
            Instant now,
            Step step,
            @Nullable Instant moment) {
        var row = row(
                EnvironmentStatus.fromWireName(status),
                kept,
                extended,
                new Timetable(null, "0 20 * * *", "0 8 * * *", "Europe/Berlin"),
                dealtWith,
                null);

        var decision = TimetableDecision.of(row, OFF, now);

        assertThat(decision.step()).isEqualTo(step);
        assertThat(decision.moment()).isEqualTo(moment);
    }

    @Test
    void ofAStopAndAStartAtOnceTheStopIsDone() {
        var row = row(
                EnvironmentStatus.RUNNING,
                false,
                null,
                new Timetable(null, "0 8 * * *", "0 8 * * *", "UTC"),
                YESTERDAY,
                null);

        assertThat(TimetableDecision.of(row, OFF, Instant.parse("2026-11-23T08:00:00Z"))
                        .step())
                .isEqualTo(Step.STOP);
    }

    @Test
    void aStartWaitsForRoomUntilItIsTooLate() {
        var row = row(
                EnvironmentStatus.STOPPED, false, null, new Timetable(null, null, "0 8 * * *", "UTC"), YESTERDAY, null);

        assertThat(TimetableDecision.of(row, OFF, Instant.parse("2026-11-23T08:20:00Z"))
                        .startBy())
                .isEqualTo(Instant.parse("2026-11-23T09:00:00Z"));
    }

    /** The run began yesterday at ten and may last for a day, by its user's word: 15 minutes before, it is said. */
    @ParameterizedTest(name = "protected {0}, extended until {1}, warned at {2}, at {3}: {4}")
    @CsvSource(
            nullValues = "-",
            value = {
                "false, -, -, 2026-11-23T09:44:59Z, NOTHING",
                "false, -, -, 2026-11-23T09:45:00Z, WARN",
                "false, -, 2026-11-23T09:45:00Z, 2026-11-23T09:59:59Z, NOTHING",
                "false, -, 2026-11-23T09:45:00Z, 2026-11-23T10:00:00Z, STOP",
                // told late: the stop waits
                "false, -, -, 2026-11-23T12:00:00Z, WARN",
                "false, -, 2026-11-23T12:00:00Z, 2026-11-23T12:14:59Z, NOTHING",
                "false, -, 2026-11-23T12:00:00Z, 2026-11-23T12:15:00Z, STOP",
                "true, -, 2026-11-23T09:45:00Z, 2026-11-23T12:00:00Z, NOTHING",
                "false, 2026-11-23T18:00:00Z, 2026-11-23T09:45:00Z, 2026-11-23T10:00:00Z, NOTHING",
                "false, 2026-11-23T18:00:00Z, -, 2026-11-23T17:45:00Z, WARN",
            })
    void aRunThatLastedForItsTimeIsAnnouncedAndStopped(
            boolean kept, @Nullable Instant extended, @Nullable Instant warned, Instant now, Step step) {
        var row = row(
                EnvironmentStatus.RUNNING,
                kept,
                extended,
                new Timetable(Duration.ofDays(1), null, null, null),
                YESTERDAY,
                warned == null ? null : new TimetableRow.Warned(YESTERDAY, warned, warned.plusSeconds(900)));

        assertThat(TimetableDecision.of(row, LIMITED, now).step()).isEqualTo(step);
    }

    @Test
    void theInstallationsLimitHoldsWhateverIsAskedForAndWithoutItNothingIsStopped() {
        var asked = new Timetable(Duration.ofDays(300), null, null, null);
        var before = new TimetableRow.Warned(YESTERDAY, YESTERDAY, YESTERDAY);
        var afterTwoDays = YESTERDAY.plus(Duration.ofDays(2));

        var row = row(EnvironmentStatus.RUNNING, false, null, asked, YESTERDAY, before);
        assertThat(TimetableDecision.of(row, LIMITED, afterTwoDays).step()).isEqualTo(Step.STOP);
        assertThat(TimetableDecision.of(row, OFF, afterTwoDays).step()).isEqualTo(Step.NOTHING);
    }

    /** Stopped yesterday at ten; deleted after 30 days, which is said three days before. */
    @ParameterizedTest(name = "protected {0}, warned of {1} at {2}, at {3}: {4}")
    @CsvSource(
            nullValues = "-",
            value = {
                "false, -, -, 2026-12-19T09:59:00Z, NOTHING",
                "false, -, -, 2026-12-19T10:00:00Z, WARN",
                "false, 2026-11-22T10:00:00Z, 2026-12-19T10:00:00Z, 2026-12-22T09:59:00Z, NOTHING",
                "false, 2026-11-22T10:00:00Z, 2026-12-19T10:00:00Z, 2026-12-22T10:00:00Z, DELETE",
                // a notice of an earlier rest is none: it was started since
                "false, 2026-01-01T10:00:00Z, 2026-02-01T10:00:00Z, 2026-12-22T10:00:00Z, WARN",
                // also what is stopped for a year already is announced first
                "false, -, -, 2027-11-22T10:00:00Z, WARN",
                "true, 2026-11-22T10:00:00Z, 2026-12-19T10:00:00Z, 2027-11-22T10:00:00Z, NOTHING",
            })
    void whatIsStoppedForLongIsAnnouncedAndDeleted(
            boolean kept, @Nullable Instant of, @Nullable Instant warned, Instant now, Step step) {
        var row = row(
                EnvironmentStatus.STOPPED,
                kept,
                null,
                Timetable.NONE,
                YESTERDAY,
                of == null || warned == null ? null : new TimetableRow.Warned(of, warned, warned));

        assertThat(TimetableDecision.of(row, LIMITED, now).step()).isEqualTo(step);
        assertThat(TimetableDecision.of(row, OFF, now).step()).isEqualTo(Step.NOTHING);
    }

    private static TimetableRow row(
            EnvironmentStatus status,
            boolean kept,
            @Nullable Instant extended,
            Timetable timetable,
            Instant dealtWith,
            TimetableRow.@Nullable Warned warned) {
        return new TimetableRow(
                new UUID(0, 1),
                "train",
                "ann",
                DeploymentMode.DOCKER,
                "h1",
                status,
                true,
                kept,
                YESTERDAY,
                YESTERDAY,
                extended,
                timetable,
                dealtWith,
                warned);
    }
}
