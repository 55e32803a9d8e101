package io.remotegpu.db.environment;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import java.util.Optional;

/** Whether an operation may start now; if not, why, and what to do instead. */
final class Admissibility {

    /** The status in which {@code kind} begins. */
    static EnvironmentStatus next(Environment environment, OperationKind kind, Optional<Operation> open) {
        var next = switch (kind) {
            case CREATE -> throw new IllegalArgumentException("a create is not begun, but created");
            case START -> EnvironmentStatus.STARTING;
            case STOP -> EnvironmentStatus.STOPPING;
            case DELETE -> EnvironmentStatus.DELETING;
        };
        var status = environment.status();
        if (open.isPresent()) {
            throw refusal(
                    environment,
                    open,
                    "its " + open.get().kind().wireName() + " (asked for by "
                            + open.get().requestedBy() + ") has not ended: wait for it, then " + kind.wireName());
        }
        if (!status.canBecome(next)) {
            throw refusal(environment, open, remedy(status, kind));
        }
        var needsData = kind == OperationKind.START || kind == OperationKind.STOP;
        if (status == EnvironmentStatus.FAILED && needsData && !environment.hasData()) {
            throw refusal(
                    environment,
                    open,
                    "nothing of it is left to " + kind.wireName() + ": delete it and create it again");
        }
        return next;
    }

    private static String remedy(EnvironmentStatus status, OperationKind kind) {
        return switch (status) {
            case RUNNING -> "it runs already: stop it first to start it again";
            case STOPPED -> "it is stopped already: start it, or delete it";
            case QUEUED, CREATING, STARTING, STOPPING, DELETING, DELETED, FAILED ->
                "it cannot " + kind.wireName() + " from there";
        };
    }

    private static InvalidStateException refusal(Environment environment, Optional<Operation> open, String remedy) {
        return new InvalidStateException(
                environment.status(),
                open.map(Operation::kind).orElse(null),
                "environment '" + environment.name() + "' is "
                        + environment.status().wireName() + "; " + remedy);
    }

    private Admissibility() {}
}
