package io.remotegpu.db.host;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The agent that carries a host's steps out.
 *
 * @param session what it named itself
 * @param address where it calls from
 * @param since when it took the host
 * @param silence how long it had not been heard of, by the database's clock
 */
public record AgentSession(UUID session, String address, Instant since, Duration silence) {

    /** Whether another agent is still kept away from the host. */
    public boolean isAlive() {
        return silence.compareTo(AgentSessions.PATIENCE) < 0;
    }
}
