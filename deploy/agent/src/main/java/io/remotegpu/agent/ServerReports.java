package io.remotegpu.agent;

import io.remotegpu.activities.host.HostReport;
import io.remotegpu.activities.host.HostReports;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Tells the server of this machine; says so when it does not answer, and ends the agent when it refuses. */
final class ServerReports implements HostReports {

    private static final Set<Integer> FINAL = Set.of(401, 403, 404, 409);

    private final ServerClient server;
    private final String hostId;
    private final Console console;
    private final Consumer<AgentException> end;
    private final Set<String> said = new HashSet<>();
    private boolean silent;

    /** @param end called when going on would be wrong: the host is another agent's, or no longer ours */
    ServerReports(ServerClient server, String hostId, Console console, Consumer<AgentException> end) {
        this.server = server;
        this.hostId = hostId;
        this.console = console;
        this.end = end;
    }

    /** Only what concerns who we are ends us: a report that the server cannot take is no reason to leave steps undone. */
    private void refused(RefusedException refusal) {
        if (FINAL.contains(refusal.status())) {
            end.accept(refusal.forAgentOf(hostId));
        } else if (said.add(refusal.detail())) {
            console.say("Server", "does not take what this machine says of itself: " + refusal.detail());
        }
    }

    @Override
    public void register(Collection<HostReport> machines) {
        machines.forEach(this::report);
    }

    @Override
    public synchronized void report(HostReport machine) {
        try {
            var contradictions = server.heartbeat(machine);
            if (silent) {
                console.say("Server", "answers again");
                silent = false;
            }
            contradictions.stream().filter(said::add).forEach(text -> console.say("Server", "says: " + text));
        } catch (IOException e) {
            if (!silent) {
                console.say("Server", "does not answer (" + e.getMessage() + "); trying on, what runs here goes on");
                silent = true;
            }
        } catch (RefusedException e) {
            refused(e);
        } catch (InterruptedException e) {
            // The agent is ending, and so is the thread that reports.
            Thread.currentThread().interrupt();
        }
    }
}
