package io.remotegpu.db.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way in which the rows can be wrong is found; a check that finds nothing would be no check. */
class InvariantsIT extends DatabaseTest {

    private UUID running;
    private UUID stopped;

    @BeforeEach
    void aRunningAndAStoppedEnvironment() {
        host("host-1", 4);
        var user = user("ann");
        stopped = stopped(user, Specs.terminal("stopped", 1));
        running = running(user, Specs.terminal("running", 2));
        assertNothingViolated();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            UPDATE gpus SET status = 'available', allocated_to = NULL WHERE gpu_index = (SELECT max(gpu_index) FROM gpus WHERE allocated_to IS NOT NULL) | asked for 2 GPUs and holds 1
            UPDATE gpus SET status = 'allocated', allocated_to = '$stopped' WHERE id = (SELECT max(id) FROM gpus) | which is stopped
            UPDATE gpus SET status = 'allocated', allocated_to = '$running' WHERE id = (SELECT max(id) FROM gpus WHERE allocated_to IS NULL) | asked for 2 GPUs and holds 3
            UPDATE allocations SET released_at = clock_timestamp() WHERE released_at IS NULL | is running without an allocation
            UPDATE allocations SET released_at = NULL | is stopped and holds an allocation
            UPDATE environments SET host_id = NULL WHERE id = '$running' | is on no host and allocated on host-1
            UPDATE gpu_allocations SET released_at = clock_timestamp() WHERE released_at IS NULL | but its history says nobody
            UPDATE gpu_allocations SET released_at = released_at - interval '1 hour' | ended at another time
            UPDATE environments SET host_id = NULL WHERE id = '$stopped' | is leased to environment
            DELETE FROM port_leases WHERE environment_id = '$running' | not one for each service
            UPDATE hosts SET used_cpu = used_cpu + 1 | says 2 cores
            UPDATE hosts SET total_cpu = 0 | has 0 cores
            DELETE FROM reservations | without a reservation
            UPDATE reservations SET compute_held = false | without reserved compute
            UPDATE reservations SET compute_held = true | is stopped and reserves compute
            UPDATE reservations SET memory = memory + 1 | reserves other amounts
            """)
    void isFound(String damage, String finding) {
        jdbc.sql(damage.replace("$running", running.toString()).replace("$stopped", stopped.toString()))
                .update();

        assertThat(invariants.violations())
                .anySatisfy(violation -> assertThat(violation).contains(finding));
    }
}
