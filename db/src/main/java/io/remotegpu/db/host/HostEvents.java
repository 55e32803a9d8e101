package io.remotegpu.db.host;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What became of hosts; written by the database itself whenever a status changes. Gone with the host. */
@Component
public class HostEvents {

    /**
     * One event.
     *
     * @param status what the host was from then on, or still was
     */
    public record HostEvent(
            long id, HostStatus status, @Nullable String message, Instant at) {}

    private final JdbcClient jdbc;

    HostEvents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those of a host after that one, the oldest first. */
    public List<HostEvent> after(String hostId, long after, int limit) {
        return jdbc.sql("""
                        SELECT id, status, message, at FROM host_events WHERE host_id = ? AND id > ? ORDER BY id LIMIT ?""")
                .params(hostId, after, limit)
                .query((row, _) -> new HostEvent(
                        row.getLong("id"),
                        HostStatus.fromWireName(row.getString("status")),
                        row.getString("message"),
                        row.getTimestamp("at").toInstant()))
                .list();
    }
}
