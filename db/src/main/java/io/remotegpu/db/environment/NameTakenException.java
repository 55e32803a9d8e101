package io.remotegpu.db.environment;

/** The user has another environment of that name. */
public final class NameTakenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NameTakenException(String name) {
        super("you have an environment named '" + name + "' already: delete it or choose another name");
    }
}
