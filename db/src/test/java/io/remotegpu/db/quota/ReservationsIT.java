package io.remotegpu.db.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.db.Together;
import io.remotegpu.db.environment.EnvironmentNotFoundException;
import io.remotegpu.db.environment.InvalidStateException;
import io.remotegpu.drivers.spi.OperationKind;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReservationsIT extends DatabaseTest {

    private static final QuotaLimits FOUR = new QuotaLimits(100, 100 * GIB, 4, 100 * GIB, 100);

    private long user;

    @BeforeEach
    void aUserAndAHost() {
        user = user("ann");
        host("host-1", 4);
    }

    @Test
    void eachStepTwiceIsTheSame() {
        var id = stopped(user, Specs.terminal("a", 1));
        lifecycle.begin(id, "start", OperationKind.START, "ann");
        twice(() -> reservations.reserveCompute(id));
        twice(() -> reservations.reserve(id));
        twice(() -> reservations.releaseCompute(id));
        twice(() -> reservations.release(id));
        twice(() -> reservations.release(UUID.randomUUID()));
        twice(() -> reservations.releaseCompute(UUID.randomUUID()));
    }

    @Test
    void storageAndTheEnvironmentCountUntilReleaseAndComputeUntilItIsReleased() {
        quotas.set(user, FOUR);
        var id = created(user, Specs.terminal("a", 1));

        reservations.reserve(id);
        assertThat(reservations.usage(user).used()).isEqualTo(new QuotaLimits(1, GIB, 1, GIB, 1));
        reservations.releaseCompute(id);
        assertThat(reservations.usage(user).used()).isEqualTo(new QuotaLimits(0, 0, 0, GIB, 1));
        reservations.reserveCompute(id);
        assertThat(reservations.usage(user).used()).isEqualTo(new QuotaLimits(1, GIB, 1, GIB, 1));
        reservations.release(id);
        assertThat(reservations.usage(user).used()).isEqualTo(new QuotaLimits(0, 0, 0, 0, 0));
    }

    @Test
    void aUserWithoutAQuotaHasTheDefault() {
        var usage = reservations.usage(user);

        assertThat(usage.ownQuota()).isFalse();
        assertThat(usage.limits()).isEqualTo(new QuotaLimits(32, 128 * GIB, 4, 1024 * GIB, 10));
    }

    @Test
    void settingAQuotaAgainReplacesIt() {
        var first = quotas.set(user, FOUR).orElseThrow();
        var second = quotas.set(user, new QuotaLimits(1, 2, 3, 4, 5)).orElseThrow();

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(reservations.usage(user).limits()).isEqualTo(new QuotaLimits(1, 2, 3, 4, 5));
        assertThat(quotas.set(user + 1000, FOUR)).isEmpty();
        assertThat(quotas.update(first.id(), FOUR).orElseThrow().limits()).isEqualTo(FOUR);
        assertThat(quotas.deleteById(first.id())).isEqualTo(1);
        assertThat(quotas.deleteById(first.id())).isZero();
        assertThat(reservations.usage(user).ownQuota()).isFalse();
    }

    @Test
    void everythingThatIsExceededIsNamedAndNothingIsReserved() {
        quotas.set(user, new QuotaLimits(0, GIB, 1, GIB - 1, 0));
        var id = created(user, Specs.terminal("a", 2));

        assertThatThrownBy(() -> reservations.reserve(id))
                .isInstanceOfSatisfying(
                        QuotaExceededException.class,
                        exceeded -> assertThat(exceeded.excesses())
                                .containsExactly(
                                        new Excess("cpu", 1, 0, 0),
                                        new Excess("gpu", 2, 0, 1),
                                        new Excess("storage", GIB, 0, GIB - 1),
                                        new Excess("environments", 1, 0, 0)))
                .hasMessageContaining("gpu: asked for 2, but 0 of 1 are in use");
        assertThat(count("reservations")).isZero();
    }

    @Test
    void aLoweredQuotaStopsOnlyWhatAsksForMore() {
        quotas.set(user, FOUR);
        var id = stopped(user, Specs.terminal("a", 0));
        running(user, Specs.terminal("b", 4));
        quotas.set(user, new QuotaLimits(100, 100 * GIB, 0, 0, 0));

        lifecycle.begin(id, "start", OperationKind.START, "ann");
        reservations.reserveCompute(id);

        assertThat(reservations.usage(user).used().gpu()).isEqualTo(4);
    }

    @Test
    void whatIsNotBeingBroughtUpReservesNothing() {
        var id = created(user, Specs.terminal("a", 0));
        lifecycle.fail(id, "create-" + id, "x", "y", java.util.List.of());

        assertThatThrownBy(() -> reservations.reserve(id)).isInstanceOf(InvalidStateException.class);
        assertThatThrownBy(() -> reservations.reserve(UUID.randomUUID()))
                .isInstanceOf(EnvironmentNotFoundException.class);
    }

    @Test
    void ofSixtyFourAtOnceExactlyAsManyAsTheQuotaAllowsAreAdmitted() throws InterruptedException {
        quotas.set(user, FOUR);
        var calls = new ArrayList<Callable<Void>>();
        for (int i = 0; i < 64; i++) {
            var id = created(user, Specs.terminal("e" + i, 1));
            calls.add(() -> {
                reservations.reserve(id);
                return null;
            });
        }

        var outcomes = Together.run(calls);

        assertThat(outcomes).filteredOn(outcome -> outcome.failure() == null).hasSize(4);
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.failure() != null)
                .allSatisfy(outcome -> assertThat(outcome.failure()).isInstanceOf(QuotaExceededException.class));
        assertThat(reservations.usage(user).used().gpu()).isEqualTo(4);
        assertNothingViolated();
    }

    @Test
    void theSameReservationFromManyCallersIsOne() throws InterruptedException {
        quotas.set(user, FOUR);
        var id = created(user, Specs.terminal("a", 4));
        var calls = new ArrayList<Callable<Void>>();
        for (int i = 0; i < 16; i++) {
            calls.add(() -> {
                reservations.reserve(id);
                return null;
            });
        }

        assertThat(Together.run(calls))
                .allSatisfy(outcome -> assertThat(outcome.failure()).isNull());
        assertThat(count("reservations")).isEqualTo(1);
    }
}
