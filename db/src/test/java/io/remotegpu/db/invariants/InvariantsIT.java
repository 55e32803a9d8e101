package io.remotegpu.db.invariants;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Each way in which the rows can be wrong is found; a check that finds nothing would be no check. What a constraint or a
 * trigger makes impossible is done without them, and undone by rolling back.
 */
class InvariantsIT extends DatabaseTest {

    private static final Set<Invariant> BROKEN = EnumSet.noneOf(Invariant.class);

    @Autowired
    private TransactionTemplate transactions;

    private UUID running;
    private UUID stopped;
    private UUID failed;

    @BeforeEach
    void aRunningAStoppedAndAFailedEnvironment() {
        host("host-1", 4);
        var user = user("ann");
        stopped = stopped(user, Specs.terminal("stopped", 1));
        failed = failed(user);
        running = running(user, Specs.terminal("running", 2));
        assertNothingViolated();
    }

    private UUID failed(long user) {
        var id = created(user, Specs.terminal("failed", 1));
        lifecycle.fail(id, "create-" + id, "NOT_READY", "it did not come up", List.of());
        return id;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GPUS_AS_ASKED | UPDATE gpus SET status = 'available', allocated_to = NULL WHERE gpu_index = (SELECT max(gpu_index) FROM gpus WHERE allocated_to IS NOT NULL) | asked for 2 GPUs and holds 1
            GPUS_AS_ASKED | UPDATE gpus SET status = 'allocated', allocated_to = '$running' WHERE id = (SELECT max(id) FROM gpus WHERE allocated_to IS NULL) | asked for 2 GPUs and holds 3
            GPUS_OF_NOBODY_AT_REST | UPDATE gpus SET status = 'allocated', allocated_to = '$stopped' WHERE id = (SELECT max(id) FROM gpus) | which is stopped
            RUNNING_HAS_A_PLACE | UPDATE allocations SET released_at = clock_timestamp() WHERE released_at IS NULL | is running without an allocation
            NOBODY_AT_REST_HAS_A_PLACE | UPDATE allocations SET released_at = NULL | is stopped and holds an allocation
            FAILED_HOLDS_NOTHING | UPDATE gpus SET status = 'allocated', allocated_to = '$failed' WHERE id = (SELECT max(id) FROM gpus) | still holds GPU
            FAILED_HOLDS_NOTHING | INSERT INTO allocations (environment_id, host_id, cpu, memory) VALUES ('$failed', 'host-1', 1, 1) | still holds a place on host-1
            FAILED_HOLDS_NOTHING | INSERT INTO reservations SELECT id, user_id, cpu, memory, gpu, storage FROM environments WHERE id = '$failed' | still holds compute
            ALLOCATED_WHERE_IT_IS | UPDATE environments SET host_id = NULL WHERE id = '$running' | is on no host and allocated on host-1
            GPU_HISTORY_AGREES | UPDATE gpu_allocations SET released_at = clock_timestamp() WHERE released_at IS NULL | but its history says nobody
            GPUS_ON_THE_SAME_HOST | WITH h AS (INSERT INTO hosts (id, name, ip_address) VALUES ('host-2', 'host-2', '10.0.0.2') RETURNING id) UPDATE allocations SET host_id = h.id FROM h WHERE released_at IS NULL | which is allocated on host-2
            GPUS_END_WITH_THEIR_PLACE | UPDATE gpu_allocations SET released_at = released_at - interval '1 hour' | ended at another time
            LEASES_OF_THE_LIVING | UPDATE environments SET host_id = NULL WHERE id = '$stopped' | is leased to environment
            LEASES_OF_THE_LIVING | UPDATE environments SET status = 'deleted', deleted_at = now() WHERE id = '$stopped' | which is deleted
            LEASED_IN_ITS_CLUSTER | UPDATE hosts SET cluster = 'main' | is in main
            A_PORT_FOR_EACH_SERVICE | DELETE FROM port_leases WHERE environment_id = '$running' | not one for each service
            USED_IS_THE_SUM | UPDATE hosts SET used_cpu = used_cpu + 1 | says 2 cores
            HELD_FITS_THE_HOST | UPDATE hosts SET total_cpu = 0 | has 0 cores
            WHAT_LIVES_IS_RESERVED | DELETE FROM reservations | without a reservation
            WHAT_LIVES_IS_RESERVED | UPDATE reservations SET compute_held = false | without reserved compute
            RESERVATIONS_OF_THE_LIVING | UPDATE reservations SET compute_held = true | is stopped and reserves compute
            RESERVATIONS_OF_THE_LIVING | UPDATE environments SET status = 'deleted', deleted_at = now() WHERE id = '$stopped' | is deleted and reserves quota
            RESERVED_AS_ASKED | UPDATE reservations SET memory = memory + 1 | reserves other amounts
            WHAT_MOVES_HAS_AN_OPERATION | UPDATE environments SET status = 'stopping' WHERE id = '$running' | no operation is under way
            WHAT_RESTS_HAS_NONE | INSERT INTO operations (id, environment_id, kind, step, requested_by) VALUES ('o', '$running', 'stop', 's', 'ann') | its stop has not ended
            LOG_AGREES | SET LOCAL session_replication_role = replica; DELETE FROM port_leases WHERE environment_id = '$stopped' | of which the rows say nothing
            LOG_AGREES | SET LOCAL session_replication_role = replica; DELETE FROM holding_log WHERE kind = 'gpu' | as its gpu, of which the log knows nothing
            ONE_AT_A_TIME | ALTER TABLE holding_log DROP CONSTRAINT holding_log_one_at_a_time; INSERT INTO holding_log (kind, thing, environment_id, user_id, held_from) SELECT kind, thing, '$stopped', user_id, held_from + interval '1 ms' FROM holding_log WHERE kind = 'gpu' AND held_to IS NULL | while it was held by environment
            """)
    void isFound(Invariant broken, String damage, String finding) {
        BROKEN.add(broken);
        transactions.executeWithoutResult(transaction -> {
            for (var statement : damage.split("; ")) {
                jdbc.sql(statement
                                .replace("$running", running.toString())
                                .replace("$stopped", stopped.toString())
                                .replace("$failed", failed.toString()))
                        .update();
            }

            assertThat(invariants.check()).anySatisfy(violation -> {
                assertThat(violation.invariant()).isEqualTo(broken);
                assertThat(violation.found()).contains(finding);
                assertThat(violation.subject()).contains("/");
            });
            transaction.setRollbackOnly();
        });
        assertNothingViolated();
    }

    /** Whoever adds an invariant breaks it above. */
    @AfterAll
    static void eachWasBroken() {
        assertThat(EnumSet.complementOf(EnumSet.copyOf(BROKEN))).isEmpty();
    }
}
