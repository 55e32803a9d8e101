package io.remotegpu.db.allocation;

import java.util.List;
import java.util.stream.Collectors;

/** No host can take the environment now; nothing was allocated. */
public final class NoCapacityException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Lack> lacks;

    NoCapacityException(List<Lack> lacks) {
        super(lacks.stream().map(Lack::message).collect(Collectors.joining("; ")));
        this.lacks = List.copyOf(lacks);
    }

    /** What is missing, at least one thing. */
    public List<Lack> lacks() {
        return lacks;
    }
}
