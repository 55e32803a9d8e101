package io.remotegpu.db.host;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who is on a host. */
@Component
public class HostEnvironments {

    /** More than a host can have in earnest. */
    private static final int MOST = 1000;

    /**
     * An environment whose place is the host.
     *
     * @param cpu cores it holds there; 0 while only its data is there
     * @param memory bytes that it holds there
     * @param gpus the indices of those it holds
     */
    public record Occupant(
            UUID id, String name, String owner, EnvironmentStatus status, int cpu, long memory, List<Integer> gpus) {

        public Occupant {
            gpus = List.copyOf(gpus);
        }
    }

    private final JdbcClient jdbc;

    HostEnvironments(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those that are not deleted, the oldest first; those that are stopped have their data there. */
    public List<Occupant> of(String hostId) {
        return jdbc.sql("""
                        SELECT e.id, e.name, u.username, e.status, coalesce(a.cpu, 0) AS cpu, coalesce(a.memory, 0) AS memory,
                            ARRAY(SELECT gpu_index FROM gpus g WHERE g.allocated_to = e.id ORDER BY gpu_index) AS gpus
                        FROM environments e JOIN users u ON u.id = e.user_id
                            LEFT JOIN allocations a ON a.environment_id = e.id AND a.released_at IS NULL
                        WHERE e.host_id = ? AND e.status <> 'deleted' ORDER BY e.created_at, e.id LIMIT ?""")
                .params(hostId, MOST)
                .query((row, _) -> new Occupant(
                        row.getObject("id", UUID.class),
                        row.getString("name"),
                        row.getString("username"),
                        EnvironmentStatus.fromWireName(row.getString("status")),
                        row.getInt("cpu"),
                        row.getLong("memory"),
                        Arrays.asList((Integer[]) row.getArray("gpus").getArray())))
                .list();
    }
}
