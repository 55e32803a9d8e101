package io.remotegpu.api.environment;

import io.remotegpu.api.web.FieldError;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.Operation;
import io.remotegpu.workflows.environment.Refusal;
import io.remotegpu.workflows.environment.Shortage;
import io.temporal.common.converter.DataConverterException;
import io.temporal.failure.ApplicationFailure;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Why an operation was not begun, as problems. */
final class OperationProblems {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    static ProblemException inProgress(Operation open) {
        return ProblemException.of(
                HttpStatus.CONFLICT,
                "operation_in_progress",
                "A %s by %s is under way (step %s): wait until it ends."
                        .formatted(open.kind().wireName(), open.requestedBy(), open.step()));
    }

    static ProblemException inProgress() {
        return ProblemException.of(
                HttpStatus.CONFLICT, "operation_in_progress", "Another operation is just ending: try again.");
    }

    static ProblemException temporalUnavailable() {
        return ProblemException.tryLater(
                HttpStatus.SERVICE_UNAVAILABLE,
                "temporal_unavailable",
                "The workflow server, or its worker, does not answer. Nothing was begun that you did not hear of: try again.",
                RETRY_AFTER);
    }

    /** The same for a create with an Idempotency-Key, which may come to life: the key finds it. */
    static ProblemException unknownForKey() {
        return ProblemException.tryLater(
                HttpStatus.SERVICE_UNAVAILABLE,
                "temporal_unavailable",
                "The workflow server, or its worker, does not answer, and the environment may come up yet: repeat the "
                        + "request with the same Idempotency-Key to hear of it.",
                RETRY_AFTER);
    }

    static ProblemException notAdmitted() {
        return ProblemException.tryLater(
                HttpStatus.SERVICE_UNAVAILABLE,
                "not_admitted",
                "It could not be decided whether this is possible, and nothing was begun: try again.",
                RETRY_AFTER);
    }

    /** A word to an operation of which nobody knows whether it was heard. */
    static ProblemException perhapsDone() {
        return ProblemException.tryLater(
                HttpStatus.SERVICE_UNAVAILABLE,
                "temporal_unavailable",
                "The workflow server, or its worker, does not answer, and it may be done yet: look at the environment's events.",
                RETRY_AFTER);
    }

    static ProblemException notDone() {
        return ProblemException.tryLater(
                HttpStatus.SERVICE_UNAVAILABLE,
                "not_admitted",
                "It could not be decided whether this is possible, and nothing was done: try again.",
                RETRY_AFTER);
    }

    /** The refusal at the bottom of a failed admission, if it is one. */
    static Optional<ProblemException> refusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ApplicationFailure application) {
                var refusal = Refusal.of(application);
                if (refusal.isPresent()) {
                    return Optional.of(problem(refusal.get(), application));
                }
            }
        }
        return Optional.empty();
    }

    static boolean mentions(Throwable failure, String what) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.toString().contains(what)) {
                return true;
            }
        }
        return false;
    }

    private static ProblemException problem(Refusal refusal, ApplicationFailure failure) {
        var status = switch (refusal) {
            case NAME_TAKEN,
                    QUOTA_EXCEEDED,
                    NO_CAPACITY,
                    INVALID_STATE,
                    OPERATION_OVER,
                    NOTHING_TO_RETRY,
                    NOT_SKIPPABLE,
                    NOT_ABORTABLE -> HttpStatus.CONFLICT;
            case IDEMPOTENCY_KEY_REUSED, INVALID_REQUEST -> HttpStatus.UNPROCESSABLE_CONTENT;
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
        };
        var errors = shortages(failure);
        if (refusal == Refusal.NAME_TAKEN && errors.isEmpty()) {
            errors = List.of(new FieldError("name", "is taken by another of your environments: choose another"));
        }
        if (refusal == Refusal.IDEMPOTENCY_KEY_REUSED && errors.isEmpty()) {
            errors = List.of(new FieldError("Idempotency-Key", "was used for another request: choose another"));
        }
        return ProblemException.of(status, refusal.code(), refusal.message(failure), errors);
    }

    /** The details are one list of shortages; a failure without any has none. */
    private static List<FieldError> shortages(ApplicationFailure failure) {
        var details = failure.getDetails();
        if (details == null || details.getSize() == 0) {
            return List.of();
        }
        var errors = new ArrayList<FieldError>();
        try {
            List<Shortage> shortages = details.get(0, listClass(), new ListOfShortages());
            if (shortages != null) {
                shortages.forEach(shortage -> errors.add(new FieldError(shortage.field(), shortage.message())));
            }
        } catch (DataConverterException e) {
            // Details of another kind: the message says it all.
        }
        return errors;
    }

    @SuppressWarnings("unchecked")
    private static Class<List<Shortage>> listClass() {
        return (Class<List<Shortage>>) (Class<?>) List.class;
    }

    private static final class ListOfShortages implements ParameterizedType {

        @Override
        public Type[] getActualTypeArguments() {
            return new Type[] {Shortage.class};
        }

        @Override
        public Type getRawType() {
            return List.class;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return null;
        }
    }

    private OperationProblems() {}
}
