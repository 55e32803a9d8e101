package io.remotegpu.activities.testing;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What one environment holds.
 *
 * @param gpus how many
 * @param places hosts of which it holds CPU and memory
 * @param ports how many
 * @param reservations quota for the environment itself and its storage
 * @param computeReservations quota for CPU, memory and GPUs
 */
public record Holdings(int gpus, int places, int ports, int reservations, int computeReservations) {

    public static final Holdings NOTHING = new Holdings(0, 0, 0, 0, 0);

    /** What a stopped terminal keeps. */
    public static final Holdings OF_A_STOPPED_TERMINAL = new Holdings(0, 0, 1, 1, 0);

    /** What a running terminal with one GPU holds. */
    public static final Holdings OF_A_RUNNING_TERMINAL = new Holdings(1, 1, 1, 1, 1);

    static Holdings of(JdbcClient jdbc, UUID id) {
        return jdbc.sql("""
                        SELECT (SELECT count(*) FROM gpus WHERE allocated_to = :id) AS gpus,
                            (SELECT count(*) FROM allocations WHERE environment_id = :id AND released_at IS NULL) AS places,
                            (SELECT count(*) FROM port_leases WHERE environment_id = :id) AS ports,
                            (SELECT count(*) FROM reservations WHERE environment_id = :id) AS reservations,
                            (SELECT count(*) FROM reservations WHERE environment_id = :id AND compute_held) AS compute""")
                .param("id", id)
                .query((row, _) -> new Holdings(
                        row.getInt("gpus"),
                        row.getInt("places"),
                        row.getInt("ports"),
                        row.getInt("reservations"),
                        row.getInt("compute")))
                .single();
    }
}
