package io.remotegpu.db.host;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Keeps a second agent away from a host: its row has one session. Silence alone takes nothing from an agent; it is
 * replaced only when another one asks.
 */
@Component
public class AgentSessions {

    /** How long an agent that is not heard of keeps others away: three heartbeats. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private final JdbcClient jdbc;

    AgentSessions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes the host for this session, or says that it is still there; doing it again is success. Refused while another
     * session is alive: then that one is returned.
     *
     * @return whose the host is now; empty when there is no such host
     */
    @Transactional
    public Optional<AgentSession> take(String hostId, UUID session, String address) {
        jdbc.sql("""
                        INSERT INTO agent_sessions AS held (host_id, session, address)
                        SELECT id, :session, :address FROM hosts WHERE id = :hostId
                        ON CONFLICT (host_id) DO UPDATE SET session = excluded.session, address = excluded.address,
                            since = CASE WHEN held.session = excluded.session THEN held.since ELSE excluded.since END,
                            last_seen = excluded.last_seen
                        WHERE held.session = excluded.session
                            OR held.last_seen <= clock_timestamp() - :patience * interval '1 millisecond'""")
                .param("hostId", hostId)
                .param("session", session)
                .param("address", address)
                .param("patience", PATIENCE.toMillis())
                .update();
        return of(hostId);
    }

    /** Whose the host is, alive or not. */
    public Optional<AgentSession> of(String hostId) {
        return jdbc.sql("""
                        SELECT session, address, since,
                            CAST(extract(epoch FROM clock_timestamp() - last_seen) * 1000 AS bigint) AS silence
                        FROM agent_sessions WHERE host_id = ?""")
                .param(hostId)
                .query((row, _) -> new AgentSession(
                        row.getObject("session", UUID.class),
                        row.getString("address"),
                        row.getTimestamp("since").toInstant(),
                        Duration.ofMillis(Math.max(0, row.getLong("silence")))))
                .optional();
    }

    /** Lets the next agent in at once; of another session's host, nothing happens. */
    @Transactional
    public void release(String hostId, UUID session) {
        jdbc.sql("DELETE FROM agent_sessions WHERE host_id = ? AND session = ?")
                .params(hostId, session)
                .update();
    }
}
