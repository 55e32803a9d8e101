package io.remotegpu.db.environment;

import java.util.UUID;

/** There is no such environment, or it is deleted. */
public final class EnvironmentNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public EnvironmentNotFoundException(UUID id) {
        super("environment " + id + " does not exist");
    }
}
