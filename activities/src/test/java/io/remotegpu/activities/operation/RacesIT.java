package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.activities.testing.Gate;
import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Operations;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.drivers.simulated.DriverCall;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.workflows.environment.Refusal;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Several callers want different things of one environment, or of one name, at the same time. */
class RacesIT extends InstallationTest {

    @BeforeEach
    void oneHost() {
        installation.host(HOST, 2);
    }

    @RepeatedTest(10)
    void ofStartStopAndTwoDeletesAtOnceTheAdmittedOnesHappenAndTheOthersAreRefused() {
        stopped();

        var start = beside(() -> operations.start(id));
        var stop = beside(() -> operations.stop(id));
        var deletes = List.of(beside(() -> operations.delete(id)), beside(() -> operations.delete(id)));
        var started = admitted(start);
        var restopped = admitted(stop);
        var deleted = deletes.stream().map(RacesIT::admitted).toList().contains(true);
        awaitEnd();

        installation.assertSound();
        var status = installation.environment(id).status();
        if (deleted) {
            assertThat(status).isEqualTo(EnvironmentStatus.DELETED);
            assertThat(installation.holdings(id)).isEqualTo(Holdings.NOTHING);
        } else {
            // Nobody wins where the stop came first, was refused, and the others met it.
            assertThat(status).isEqualTo(started && !restopped ? EnvironmentStatus.RUNNING : EnvironmentStatus.STOPPED);
        }
    }

    @RepeatedTest(10)
    void theSameCreateTwiceAtOnceMakesOneEnvironment() {
        var one = beside(() -> request("the same request"));
        var other = beside(() -> request("the same request"));

        assertThat(admitted(one)).isTrue();
        assertThat(admitted(other)).isTrue();
        awaitEnd();

        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        assertThat(installation.engineFaults(HOST).calls(DriverCall.DEPLOY)).isEqualTo(1);
    }

    @Test
    void theSameCreateAgainLaterFindsWhatWasMade() {
        request("the same request");
        awaitEnd();
        request("the same request");
        awaitEnd();

        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        assertThat(installation.engineFaults(HOST).calls(DriverCall.DEPLOY)).isEqualTo(1);
    }

    @Test
    void anotherCreateUnderTheSameKeyIsRefusedAndHarmsNothing() {
        request("one request");
        awaitEnd();

        assertThatThrownBy(() -> request("another request"))
                .satisfies(refused ->
                        assertThat(Operations.refusal(refused)).contains(Refusal.IDEMPOTENCY_KEY_REUSED.name()));
        awaitEnd();

        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @RepeatedTest(5)
    void ofTwoCreatesOfOneNameAtOnceOneIsRefused() {
        var another = UUID.randomUUID();
        var one = beside(this::create);
        var other = beside(() -> operations.create(installation.user(), another, Specs.terminal("TRAIN", 1)));

        assertThat(List.of(admitted(one), admitted(other))).containsExactlyInAnyOrder(true, false);
        awaitEnd();
        operations.awaitEnd(another);

        assertThat(List.of(installation.exists(id), installation.exists(another)))
                .containsExactlyInAnyOrder(true, false);
        installation.assertSound();
    }

    @Test
    void aNameIsFreeAgainOnceItsEnvironmentIsDeleted() {
        running();
        delete();

        var successor = create("train");

        assertThat(installation.environment(successor).status()).isEqualTo(EnvironmentStatus.RUNNING);
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.DELETED);
        installation.assertSound();
    }

    @Test
    void aDeletedEnvironmentIsNotFoundAnyMore() {
        running();
        delete();

        for (Runnable again :
                List.<Runnable>of(() -> operations.start(id), () -> operations.stop(id), () -> operations.delete(id))) {
            assertThatThrownBy(again::run)
                    .satisfies(
                            refused -> assertThat(Operations.refusal(refused)).contains(Refusal.NOT_FOUND.name()));
        }
        assertStatus(EnvironmentStatus.DELETED, Holdings.NOTHING);
    }

    @Test
    void aDeleteThatComesWhileAnotherTakesLongJoinsIt() {
        running();
        var gate = new Gate();
        installation.faults().before("Engine_remove", gate);
        operations.delete(id);
        gate.awaitArrival();

        operations.delete(id);
        gate.open();
        awaitEnd();

        assertStatus(EnvironmentStatus.DELETED, Holdings.NOTHING);
        assertThat(installation.engineFaults(HOST).calls(DriverCall.REMOVE)).isEqualTo(1);
    }

    @Test
    void aDeleteAfterAFailedStartGivesEverythingBack() {
        stopped();
        installation.engineFaults(HOST).failAfter(DriverCall.DEPLOY, ErrorKind.INVALID_SPEC, 1);
        operations.start(id);
        awaitEnd();
        assertFailed("invalid_spec", Holdings.OF_A_STOPPED_TERMINAL);

        delete();
    }

    private void request(String fingerprint) {
        operations.create(installation.user(), id, Specs.terminal("train", 1), fingerprint);
    }

    /** Whether the call was admitted rather than refused. */
    private static boolean admitted(CompletableFuture<Void> call) {
        return call.handle((_, refused) -> refused == null).join();
    }
}
