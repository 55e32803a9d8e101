package io.remotegpu.agent;

import java.util.Objects;

/** The server understood, and says no: asking again the same way does not help. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    RefusedException(int status, String detail) {
        super(detail);
        this.status = status;
    }

    int status() {
        return status;
    }

    /** The server's own words. */
    String detail() {
        return Objects.requireNonNullElse(getMessage(), "");
    }

    /** What it means for the agent of that host, and the remedy. */
    AgentException forAgentOf(String hostId) {
        return new AgentException(
                switch (status) {
                    case 401 ->
                        "The server does not know this token: it is mistyped, or was renewed, or its host was removed. An administrator gets a new one with PUT /api/v1/hosts/"
                                + hostId + " {\"renew_token\": true}.";
                    case 403 ->
                        "The token is not one of host '" + hostId
                                + "': --host-id and --token have to belong together, as POST /api/v1/hosts gave them.";
                    case 404 ->
                        "The server has no host '" + hostId + "', or --server does not name RemoteGPU's API: "
                                + detail();
                    default -> detail();
                },
                this);
    }
}
