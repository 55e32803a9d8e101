package io.remotegpu.db.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.db.quota.QuotaExceededException;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs with fewer GPUs than an environment has, and other sizes from the next start on. */
class SizesIT extends DatabaseTest {

    private static final long GIB = 1L << 30;

    private long user;

    @BeforeEach
    void somebodyAndAHost() {
        user = user("ann");
        host("h1", 4);
    }

    @Test
    void aRunWithoutGpusHoldsAndReservesNoneAndTheNextOneHasThemAll() {
        var id = stopped(user, Specs.terminal("a", 2));

        twice(() -> lifecycle.begin(id, "start-1", OperationKind.START, "ann", null, 0, null));
        assertNothingViolated();
        bringUp(id, "start-1");

        assertThat(gpusHeld(id)).isZero();
        assertThat(reservations.usage(user).used().gpu()).isZero();
        assertThat(environment(id).spec().gpu()).isZero();
        assertThat(environment(id).fullGpu()).isEqualTo(2);
        assertNothingViolated();

        stop(id, "stop-1");
        lifecycle.begin(id, "start-2", OperationKind.START, "ann");
        bringUp(id, "start-2");

        assertThat(gpusHeld(id)).isEqualTo(2);
        assertThat(reservations.usage(user).used().gpu()).isEqualTo(2);
        assertNothingViolated();
    }

    @Test
    void aStartWithoutGpusThatIsRefusedChangesNothingForTheNextOne() {
        var id = stopped(user, Specs.terminal("a", 2));
        lifecycle.begin(id, "start-1", OperationKind.START, "ann", null, 0, null);
        lifecycle.abandonStart(id, "start-1");
        assertNothingViolated();

        assertThat(lifecycle
                        .begin(id, "start-2", OperationKind.START, "ann")
                        .spec()
                        .gpu())
                .isEqualTo(2);
    }

    @Test
    void aNewSizeHoldsFromTheNextStartOnAndOnlyStorageCountsUntilThen() {
        var id = stopped(user, Specs.terminal("a", 2));

        twiceButForTime(id, () -> wishes.resize(id, 3, 7 * GIB, 4));

        assertThat(reservations.usage(user).used().cpu()).isZero();
        assertNothingViolated();
        lifecycle.begin(id, "start-1", OperationKind.START, "ann");
        bringUp(id, "start-1");
        var used = reservations.usage(user).used();
        assertThat(used.cpu()).isEqualTo(3);
        assertThat(used.memory()).isEqualTo(7 * GIB);
        assertThat(gpusHeld(id)).isEqualTo(4);
        assertNothingViolated();
    }

    @Test
    void whatTheQuotaDoesNotAllowIsRefusedWhenItStarts() {
        var id = stopped(user, Specs.terminal("a", 0));
        quotas.set(user, 2, 64 * GIB, 0, 64 * GIB, 5);
        wishes.resize(id, 3, null, null);

        lifecycle.begin(id, "start-1", OperationKind.START, "ann");
        assertThatThrownBy(() -> reservations.reserveCompute(id)).isInstanceOf(QuotaExceededException.class);
        lifecycle.abandonStart(id, "start-1");

        assertThat(environment(id).status()).isEqualTo(EnvironmentStatus.STOPPED);
        assertNothingViolated();
    }

    @Test
    void onlyWhatIsDownIsResized() {
        var id = running(user, Specs.terminal("a", 1));
        assertThatThrownBy(() -> wishes.resize(id, 2, null, null))
                .isInstanceOf(InvalidStateException.class)
                .hasMessage("environment 'a' is running; its size is changed while it is stopped: stop it first");
        lifecycle.begin(id, "stop-1", OperationKind.STOP, "ann");
        assertThatThrownBy(() -> wishes.resize(id, 2, null, null)).isInstanceOf(InvalidStateException.class);
        assertThatThrownBy(() -> wishes.resize(UUID.randomUUID(), 2, null, null))
                .isInstanceOf(EnvironmentNotFoundException.class);
        assertThat(environment(id).cpu()).isEqualTo(1);
    }

    private void twiceButForTime(UUID id, Runnable change) {
        change.run();
        var once = environment(id);
        change.run();
        var again = environment(id);
        assertThat(again.spec()).isEqualTo(once.spec());
        assertThat(again.fullGpu()).isEqualTo(once.fullGpu());
    }

    private void bringUp(UUID id, String operation) {
        reservations.reserveCompute(id);
        allocations.allocate(id, Set.of());
        ports.lease(id);
        lifecycle.succeed(id, operation, EnvironmentStatus.RUNNING);
    }

    private void stop(UUID id, String operation) {
        lifecycle.begin(id, operation, OperationKind.STOP, "ann");
        reservations.releaseCompute(id);
        allocations.release(id);
        lifecycle.succeed(id, operation, EnvironmentStatus.STOPPED);
    }

    private Environment environment(UUID id) {
        return environments.findById(id).orElseThrow();
    }

    private int gpusHeld(UUID id) {
        return jdbc.sql("SELECT count(*) FROM gpus WHERE allocated_to = ?")
                .param(id)
                .query(Integer.class)
                .single();
    }
}
