package io.remotegpu.activities.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.invariants.Invariants;
import io.remotegpu.drivers.simulated.SimulatedDriver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What must be true when no operation is under way. */
final class Soundness {

    static void check(Invariants invariants, JdbcClient jdbc, Map<String, SimulatedDriver> drivers) {
        assertThat(invariants.violations()).as("violated invariants").isEmpty();
        assertThat(jdbc.sql("SELECT name || ' is ' || status FROM environments WHERE id IN "
                                + "(SELECT environment_id FROM operations WHERE ended_at IS NULL)")
                        .query(String.class)
                        .list())
                .as("operations that never ended")
                .isEmpty();
        assertThat(jdbc.sql("SELECT name FROM environments WHERE unreturned <> '{}'")
                        .query(String.class)
                        .list())
                .as("environments that never returned something")
                .isEmpty();
        drivers.forEach((host, driver) -> checkEngine(jdbc, host, driver));
    }

    /** The engine has what the rows say, nothing else; what runs has the GPUs and the ports of its rows. */
    private static void checkEngine(JdbcClient jdbc, String host, SimulatedDriver driver) {
        var carried = ids(jdbc, host, "status IN ('running', 'stopped') OR status = 'failed' AND has_data");
        assertThat(driver.list()).as("environments on " + host).isEqualTo(new HashSet<>(carried));
        for (UUID id : carried) {
            var running = driver.running(id);
            var expected = ids(jdbc, host, "status = 'running'").contains(id);
            assertThat(running.isPresent()).as(id + " runs on " + host).isEqualTo(expected);
            running.ifPresent(made -> {
                var gpus = new ArrayList<Integer>();
                made.gpus().forEach(gpu -> gpus.add(gpu.index()));
                assertThat(gpus)
                        .as("GPUs of " + id)
                        .isEqualTo(jdbc.sql("SELECT gpu_index FROM gpus WHERE allocated_to = ? ORDER BY gpu_index")
                                .param(id)
                                .query(Integer.class)
                                .list());
                var ports = new ArrayList<Integer>();
                made.ports().forEach(port -> ports.add(port.port()));
                assertThat(ports)
                        .as("ports of " + id)
                        .containsExactlyInAnyOrderElementsOf(
                                jdbc.sql("SELECT port FROM port_leases WHERE environment_id = ?")
                                        .param(id)
                                        .query(Integer.class)
                                        .list());
            });
        }
    }

    private static List<UUID> ids(JdbcClient jdbc, String host, String condition) {
        return jdbc.sql("SELECT id FROM environments WHERE host_id = ? AND (" + condition + ")")
                .param(host)
                .query(UUID.class)
                .list();
    }

    private Soundness() {}
}
