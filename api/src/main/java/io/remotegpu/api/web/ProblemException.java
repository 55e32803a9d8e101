package io.remotegpu.api.web;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Ends a request with a problem; its message names the thing and the remedy, and is shown to the caller. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String code;
    private final transient List<FieldError> errors;
    private final @Nullable Duration retryAfter;

    private ProblemException(
            HttpStatus status, String code, String detail, List<FieldError> errors, @Nullable Duration retryAfter) {
        // Part of normal operation: nobody looks at its stack.
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.errors = List.copyOf(errors);
        this.retryAfter = retryAfter;
    }

    public static ProblemException of(HttpStatus status, String code, String detail) {
        return new ProblemException(status, code, detail, List.of(), null);
    }

    public static ProblemException of(HttpStatus status, String code, String detail, List<FieldError> errors) {
        return new ProblemException(status, code, detail, errors, null);
    }

    /** A problem that goes away by itself: the answer says when to try again. */
    public static ProblemException tryLater(HttpStatus status, String code, String detail, Duration retryAfter) {
        return new ProblemException(status, code, detail, List.of(), retryAfter);
    }

    /** 404: there is none, or none that the caller may know of. */
    public static ProblemException notFound(String kind, Object id) {
        return of(HttpStatus.NOT_FOUND, "not_found", "There is no " + kind + " '" + id + "'.");
    }

    /** 409 with one field to blame. */
    public static ProblemException conflict(String code, String field, String message) {
        return of(HttpStatus.CONFLICT, code, message, List.of(new FieldError(field, message)));
    }

    /** 422: understood, and not acceptable. */
    public static ProblemException invalid(List<FieldError> errors) {
        return of(HttpStatus.UNPROCESSABLE_CONTENT, "validation_failed", summary(errors), errors);
    }

    /** 422 with one field to blame. */
    public static ProblemException invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    /** 400: a parameter or header that cannot be read. */
    public static ProblemException badParameter(String name, String message) {
        return of(
                HttpStatus.BAD_REQUEST,
                "invalid_parameter",
                name + ": " + message,
                List.of(new FieldError(name, message)));
    }

    static String summary(List<FieldError> errors) {
        return errors.isEmpty()
                ? "The request is not valid."
                : errors.getFirst().field() + ": " + errors.getFirst().message()
                        + (errors.size() > 1 ? " (and " + (errors.size() - 1) + " more)" : "");
    }

    public HttpStatus status() {
        return status;
    }

    public String code() {
        return code;
    }

    List<FieldError> errors() {
        return errors;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
