package io.remotegpu.db.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.db.Together;
import io.remotegpu.db.environment.EnvironmentExistsException;
import io.remotegpu.db.environment.InvalidStateException;
import io.remotegpu.db.environment.NameTakenException;
import io.remotegpu.db.environment.NewEnvironment;
import io.remotegpu.db.port.NoPortException;
import io.remotegpu.db.quota.QuotaExceededException;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class AdmissionsIT extends DatabaseTest {

    @Autowired
    private Admissions admissions;

    @Autowired
    private CapacityQueue queue;

    private final UUID id = UUID.randomUUID();
    private long user;

    @BeforeEach
    void aUserAndAHost() {
        user = user("ann");
        host("host-1", 2);
    }

    @Test
    void whatIsAdmittedHasItsQuotaItsPlaceItsPortsAndItsFirstStep() {
        var admitted = admit(Specs.spec("a", EnvironmentType.DESKTOP, 2));

        assertThat(admitted.place().hostId()).isEqualTo("host-1");
        assertThat(admitted.place()).isEqualTo(allocations.held(id).orElseThrow());
        assertThat(admitted.ports())
                .containsExactly(
                        new PortBinding(Service.SSH, "10.0.0.1", 22000),
                        new PortBinding(Service.RDP, "10.0.0.1", 22001),
                        new PortBinding(Service.VNC, "10.0.0.1", 22002));
        var environment = environments.findById(id).orElseThrow();
        assertThat(environment.status()).isEqualTo(EnvironmentStatus.CREATING);
        assertThat(environment.hostId()).isEqualTo("host-1");
        assertThat(environment.spec()).isEqualTo(Specs.spec("a", EnvironmentType.DESKTOP, 2));
        assertThat(reservations.usage(user).used().gpu()).isEqualTo(2);
        assertThat(jdbc.sql("SELECT step FROM operations").query(String.class).single())
                .isEqualTo("deploy");
        assertThat(events()).containsExactly(STORY);
        assertNothingViolated();
    }

    @Test
    void askedAgainItIsToldTheSame() {
        var spec = Specs.full("a", "host-1");
        var first = admit(spec);
        var once = rows();

        var again = admit(spec);

        assertThat(again).isEqualTo(first);
        assertThat(rows()).isEqualTo(once);
    }

    @Test
    void aRefusalLeavesNothing() {
        running(user, Specs.terminal("taken", 0));
        quotas.set(user, 10, 100 * GIB, 4, 100 * GIB, 10);
        var before = rows();

        assertThatThrownBy(() -> admit(Specs.terminal("TAKEN", 9))).isInstanceOf(NameTakenException.class);
        assertThatThrownBy(() -> admit(Specs.terminal("a", 9)))
                .as("quota is told before capacity")
                .isInstanceOf(QuotaExceededException.class);
        assertThatThrownBy(() -> admit(Specs.terminal("a", 3))).isInstanceOf(NoCapacityException.class);

        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void withoutPortsNothingIsTaken() {
        jdbc.sql("UPDATE hosts SET port_max = 22001").update();
        var before = rows();

        assertThatThrownBy(() -> admit(Specs.spec("a", EnvironmentType.DESKTOP, 1)))
                .isInstanceOfAny(NoCapacityException.class, NoPortException.class);

        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void whoWaitsKeepsRowAndQuotaAndGetsItsPlaceFromTheQueue() {
        var spec = Specs.terminal("a", 3);
        twice(() -> assertThat(admissions.admit(request(id, spec, "op-1"), "deploy", true))
                .isEmpty());
        assertThat(reservations.usage(user).used().gpu()).isEqualTo(3);
        assertThat(allocations.held(id)).isEmpty();
        assertThat(events()).containsExactly("create started");

        queue.join(id, "op-1", Duration.ofHours(1));
        gpu("host-1", 2, H100, 0);
        assertThat(admissions.admit(request(id, spec, "op-1"), "deploy", true))
                .as("the queue tells it, also when the answer to the first step was lost")
                .isEmpty();
        assertThat(queue.turn(id, "op-1").allocation()).isNotNull();
        assertThat(status(id)).isEqualTo(EnvironmentStatus.CREATING);
        assertNothingViolated();
    }

    @Test
    void whoDoesNotWaitGoesAheadOfNobodyWhoDoes() {
        admissions.admit(request(id, Specs.terminal("waits", 3), "op-1"), "deploy", true);
        queue.join(id, "op-1", Duration.ofHours(1));
        gpu("host-1", 2, H100, 0);
        var before = rows();

        var other = UUID.randomUUID();
        assertThatThrownBy(() -> admissions.admit(request(other, Specs.terminal("b", 1), "op-2"), "deploy", false))
                .isInstanceOf(NoCapacityException.class);
        assertThat(rows().tables().get("environments")).hasSize(1);
        assertThat(rows().tables().get("reservations"))
                .isEqualTo(before.tables().get("reservations"));

        host("host-2", 0);
        assertThat(admissions.admit(request(other, Specs.terminal("b", 0), "op-2"), "deploy", false))
                .as("nobody waits for a host without GPUs")
                .isPresent();
        assertNothingViolated();
    }

    @Test
    void aWithdrawalTakesAllOfItBack() {
        var before = rows().tables();
        admit(Specs.spec("a", EnvironmentType.DESKTOP, 2));

        twice(() -> lifecycle.withdraw(id, "op-1"));

        for (var table : List.of("environments", "operations", "reservations", "allocations", "port_leases")) {
            assertThat(rows().tables().get(table)).as(table).isEqualTo(before.get(table));
        }
        assertThat(count("gpus WHERE status = 'available'")).isEqualTo(2);
        assertThat(count("hosts WHERE used_cpu <> 0 OR used_memory <> 0")).isZero();
        assertThat(count("holding_log WHERE held_to IS NULL")).isZero();
        assertNothingViolated();
    }

    @Test
    void anotherOperationsEnvironmentIsLeftAlone() {
        admit(Specs.terminal("a", 1));
        var before = rows();

        assertThatThrownBy(() -> admissions.admit(request(id, Specs.terminal("b", 1), "op-2"), "deploy", false))
                .isInstanceOf(EnvironmentExistsException.class);
        lifecycle.withdraw(id, "op-2");

        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void oneThatComesTooLateTakesNothing() {
        admit(Specs.terminal("a", 1));
        lifecycle.fail(id, "op-1", "broken", "it broke", List.of());
        ports.release(id);
        allocations.release(id);
        reservations.release(id);
        var before = rows();

        assertThatThrownBy(() -> admit(Specs.terminal("a", 1))).isInstanceOf(InvalidStateException.class);

        assertThat(rows()).isEqualTo(before);
    }

    /** Each host has its cores for 12, its GPUs for 4 and its ports for 20. */
    @Test
    void sixtyFourAtOnceBesideReleasesAndAQueueTakeWhatThereIsAndNothingTwice() throws InterruptedException {
        for (var host : List.of("host-2", "host-3", "host-4")) {
            host(host, 4);
        }
        gpu("host-1", 2, H100, 1);
        gpu("host-1", 3, H100, 1);
        jdbc.sql("UPDATE hosts SET total_cpu = 12, port_max = 22019").update();
        var users = List.of(user("bea"), user("cem"), user("dan"));
        users.forEach(of -> quotas.set(of, 100, 100 * GIB, 100, 100 * GIB, 100));
        var calls = new ArrayList<Callable<Object>>();
        for (int i = 0; i < 64; i++) {
            var mine = UUID.randomUUID();
            var type = i % 3 == 0 ? EnvironmentType.DESKTOP : EnvironmentType.TERMINAL;
            var request = new NewEnvironment(
                    mine, users.get(i % 3), "tester", "op-" + mine, Specs.spec("e" + i, type, i % 2), null);
            var waits = i % 8 == 0;
            var shortLived = i % 4 == 1;
            calls.add(() -> {
                var admitted = admissions.admit(request, "deploy", waits);
                if (admitted.isEmpty()) {
                    queue.join(mine, request.operationId(), Duration.ofHours(1));
                    queue.dispatch();
                } else if (shortLived) {
                    lifecycle.withdraw(mine, request.operationId());
                }
                return mine;
            });
        }

        var outcomes = Together.run(calls);

        assertThat(outcomes)
                .filteredOn(outcome -> outcome.failure() != null)
                .allSatisfy(outcome -> assertThat(outcome.failure()).isInstanceOf(NoCapacityException.class));
        queue.dispatch();
        assertThat(count("gpus WHERE allocated_to IS NOT NULL")).isEqualTo(count("gpu_allocations"));
        assertThat(count("environments"))
                .isEqualTo(count("allocations WHERE released_at IS NULL")
                        + count("capacity_waits w WHERE NOT EXISTS (SELECT 1 FROM allocations a"
                                + " WHERE a.environment_id = w.environment_id AND a.released_at IS NULL)"));
        assertNothingViolated();
    }

    @Test
    void aUsersCreatesAtOnceNeverPassTheQuota() throws InterruptedException {
        quotas.set(user, 100, 100 * GIB, 0, 100 * GIB, 7);
        var calls = new ArrayList<Callable<Object>>();
        for (int i = 0; i < 64; i++) {
            // Two of each name: of those only one can be.
            var request = request(UUID.randomUUID(), Specs.terminal("e" + i / 2, 0), "op-" + i);
            calls.add(() -> admissions.admit(request, "deploy", false));
        }

        var outcomes = Together.run(calls);

        assertThat(outcomes).filteredOn(outcome -> outcome.failure() == null).hasSize(7);
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.failure() != null)
                .extracting(outcome -> (Object) outcome.failure().getClass())
                .containsOnly(QuotaExceededException.class, NameTakenException.class);
        assertThat(count("environments")).isEqualTo(7);
        assertThat(count("port_leases")).isEqualTo(7);
        assertNothingViolated();
    }

    @Test
    void theSameCreateFromManyIsOne() throws InterruptedException {
        var calls = new ArrayList<Callable<Object>>();
        for (int i = 0; i < 64; i++) {
            calls.add(() -> admit(Specs.spec("a", EnvironmentType.DESKTOP, 2)));
        }

        var outcomes = Together.run(calls);

        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.failure()).isNull());
        assertThat(outcomes.stream().map(Together.Outcome::result).distinct()).hasSize(1);
        assertThat(events()).containsExactly(STORY);
        assertNothingViolated();
    }

    private static final String[] STORY = {
        "create started", "quota done", "allocate done", "ports done", "deploy started"
    };

    private Admitted admit(EnvironmentSpec spec) {
        return admissions.admit(request(id, spec, "op-1"), "deploy", false).orElseThrow();
    }

    private NewEnvironment request(UUID of, EnvironmentSpec spec, String operationId) {
        return new NewEnvironment(of, user, "ann", operationId, spec, null);
    }

    private List<String> events() {
        return jdbc.sql("SELECT step || ' ' || outcome FROM environment_events ORDER BY id")
                .query(String.class)
                .list();
    }
}
