package io.remotegpu.api.host;

import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.host.AgentSession;
import io.remotegpu.db.host.AgentSessions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Lets one agent speak for a host: two would carry every step out twice. */
@Component
class AgentFence {

    private final AgentSessions sessions;

    AgentFence(AgentSessions sessions) {
        this.sessions = sessions;
    }

    /** The host is this session's, and it was heard of now; 409 while it is another's. */
    void take(String hostId, UUID session, String address) {
        var holder =
                sessions.take(hostId, session, address).orElseThrow(() -> ProblemException.notFound("host", hostId));
        if (!holder.session().equals(session)) {
            throw refusal(hostId, holder);
        }
    }

    /** 409 unless the host is this session's, heard of lately or not. */
    void check(String hostId, UUID session) {
        var holder = sessions.of(hostId);
        if (holder.isEmpty()) {
            throw ProblemException.of(
                    HttpStatus.CONFLICT,
                    "no_agent",
                    "No agent has host '" + hostId + "': take it with POST /api/v1/hosts/" + hostId + "/agent.");
        }
        if (!holder.get().session().equals(session)) {
            throw refusal(hostId, holder.get());
        }
    }

    /** 409 while any agent has the host. */
    void checkFree(String hostId) {
        sessions.of(hostId).filter(AgentSession::isAlive).ifPresent(holder -> {
            throw refusal(hostId, holder);
        });
    }

    void release(String hostId, UUID session) {
        sessions.release(hostId, session);
    }

    private static ProblemException refusal(String hostId, AgentSession holder) {
        var wait = AgentSessions.PATIENCE.minus(holder.silence());
        return ProblemException.tryLater(
                HttpStatus.CONFLICT,
                "agent_running",
                "Another agent has host '%s' since %s, calls from %s, and was heard of %d s ago. End that one; another may take its place once it has been silent for %d s."
                        .formatted(
                                hostId,
                                holder.since().truncatedTo(ChronoUnit.SECONDS),
                                holder.address(),
                                holder.silence().toSeconds(),
                                AgentSessions.PATIENCE.toSeconds()),
                wait.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : wait);
    }
}
