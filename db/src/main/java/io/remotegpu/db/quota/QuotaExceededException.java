package io.remotegpu.db.quota;

import java.util.List;
import java.util.stream.Collectors;

/** A user asked for more than their quota leaves; nothing was reserved. */
public final class QuotaExceededException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Excess> excesses;

    QuotaExceededException(List<Excess> excesses) {
        super("the quota does not allow it: "
                + excesses.stream()
                        .map(excess -> excess.field() + ": " + excess.message())
                        .collect(Collectors.joining("; "))
                + ". Stop or delete environments, or ask an administrator for more");
        this.excesses = List.copyOf(excesses);
    }

    /** Everything that there is too little of, at least one. */
    public List<Excess> excesses() {
        return excesses;
    }
}
