package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Operations;
import io.remotegpu.activities.testing.StepFaults;
import io.remotegpu.drivers.simulated.DriverCall;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.workflows.environment.Refusal;
import io.temporal.client.WorkflowUpdateException;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Whatever fails, before or after it did its work: nothing is held that should not be, and people learn why. */
class FaultMatrixIT extends InstallationTest {

    private enum When {
        BEFORE,
        AFTER
    }

    @BeforeEach
    void oneHost() {
        installation.host(HOST, 2);
    }

    @ParameterizedTest
    @EnumSource(When.class)
    void aCreateThatFailsBeforeItWasAdmittedIsRefusedAndLeavesNothing(When when) {
        fail("Admission_create", when);

        assertThatThrownBy(this::create)
                .isInstanceOf(WorkflowUpdateException.class)
                .satisfies(refused -> assertThat(Operations.refusal(refused)).contains("BROKEN"));

        awaitEnd();
        assertNeverWas();
        running();
    }

    @ParameterizedTest
    @CsvSource({"Engine_deploy, BEFORE", "Engine_deploy, AFTER", "Records_succeed, BEFORE"})
    void aCreateThatFailsLaterLeavesItsRecordOnlyWhichCanBeDeletedOnly(String step, When when) {
        fail(step, when);

        create();
        awaitEnd();

        assertFailed("broken", Holdings.NOTHING);
        assertThat(installation.driver(HOST).list()).isEmpty();
        assertRefused(() -> operations.start(id), Refusal.INVALID_STATE);
        assertRefused(() -> operations.stop(id), Refusal.INVALID_STATE);
        delete();
    }

    @ParameterizedTest
    @CsvSource({
        "Records_begin, BEFORE", "Records_begin, AFTER",
        "Quota_reserveCompute, BEFORE", "Quota_reserveCompute, AFTER",
        "Allocation_allocate, BEFORE", "Allocation_allocate, AFTER",
        "Ports_lease, BEFORE", "Ports_lease, AFTER"
    })
    void aStartThatFailsBeforeItWasAdmittedIsRefusedAndLeavesItStopped(String step, When when) {
        stopped();
        fail(step, when);

        assertThatThrownBy(() -> operations.start(id)).isInstanceOf(WorkflowUpdateException.class);
        awaitEnd();

        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        startsAgain();
    }

    @ParameterizedTest
    @CsvSource({
        "Records_enter, BEFORE", "Records_enter, AFTER",
        "Engine_deploy, BEFORE", "Engine_deploy, AFTER",
        "Records_succeed, BEFORE"
    })
    void aStartThatFailsLaterKeepsTheDataAndCanBeTriedAgain(String step, When when) {
        stopped();
        installation.driver(HOST).files(id).put("thesis.txt", "years of work");
        fail(step, when);

        operations.start(id);
        awaitEnd();

        assertFailed("broken", Holdings.OF_A_STOPPED_TERMINAL);
        startsAgain();
        assertThat(installation.driver(HOST).files(id)).containsEntry("thesis.txt", "years of work");
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorKind.class,
            mode = Mode.EXCLUDE,
            names = {"PORT_TAKEN", "NO_CAPACITY", "ENGINE_UNAVAILABLE", "OUTCOME_UNKNOWN"})
    void whatCannotPassFailsTheCreateAndItsUndoIsNotGivenUp(ErrorKind kind) {
        installation
                .engineFaults(HOST)
                .failAfter(DriverCall.DEPLOY, kind, 1)
                .failBefore(DriverCall.REMOVE, ErrorKind.PERMISSION_DENIED, 1)
                .failAfter(DriverCall.REMOVE, ErrorKind.OUTCOME_UNKNOWN, 1);

        create();
        awaitEnd();

        assertFailed(kind.name().toLowerCase(Locale.ROOT), Holdings.NOTHING);
        assertThat(installation.engineFaults(HOST).calls(DriverCall.DEPLOY)).isEqualTo(1);
        assertThat(installation.engineFaults(HOST).calls(DriverCall.REMOVE)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorKind.class,
            names = {"ENGINE_UNAVAILABLE", "OUTCOME_UNKNOWN"})
    void whatMayPassIsTriedAgain(ErrorKind kind) {
        installation
                .engineFaults(HOST)
                .failBefore(DriverCall.DEPLOY, kind, 1)
                .failAfter(DriverCall.DEPLOY, kind, 1)
                .failBefore(DriverCall.OBSERVE, kind, 1);

        running();
        assertThat(installation.engineFaults(HOST).calls(DriverCall.DEPLOY)).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(ErrorKind.class)
    void stopAndDeleteAreNeverGivenUp(ErrorKind kind) {
        running();
        installation.engineFaults(HOST).failBefore(DriverCall.STOP, kind, 1).failAfter(DriverCall.STOP, kind, 1);
        operations.stop(id);
        awaitEnd();
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);

        installation.engineFaults(HOST).failBefore(DriverCall.REMOVE, kind, 1).failAfter(DriverCall.REMOVE, kind, 1);
        delete();
    }

    private void startsAgain() {
        operations.start(id);
        awaitEnd();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    private static void fail(String step, When when) {
        var broken = StepFaults.failing("BROKEN");
        switch (when) {
            case BEFORE -> installation.faults().before(step, broken);
            case AFTER -> installation.faults().after(step, broken);
        }
    }

    private static void assertRefused(Runnable call, Refusal refusal) {
        assertThatThrownBy(call::run)
                .satisfies(refused -> assertThat(Operations.refusal(refused)).contains(refusal.name()));
    }
}
