package io.remotegpu.agent;

import java.util.Objects;

/** The agent cannot go on; the message names what is in the way and what to do about it. */
final class AgentException extends RuntimeException {

    private static final long serialVersionUID = 1;

    AgentException(String message) {
        super(message);
    }

    AgentException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Never absent, unlike other exceptions'. */
    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), "");
    }
}
