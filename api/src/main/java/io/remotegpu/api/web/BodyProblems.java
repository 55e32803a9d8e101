package io.remotegpu.api.web;

import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.Collection;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Why a body could not be read, in words for whoever wrote it. */
final class BodyProblems {

    static ProblemException of(HttpMessageNotReadableException unreadable) {
        for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case BodyLimit.TooLargeException tooLarge -> {
                    return tooLarge.problem();
                }
                case SocketTimeoutException slow -> {
                    return StatusProblems.of(HttpStatus.REQUEST_TIMEOUT);
                }
                case UnrecognizedPropertyException unknown -> {
                    return ProblemException.invalid(path(unknown), "is not a field of this request" + known(unknown));
                }
                case DatabindException wrong
                when !wrong.getPath().isEmpty() -> {
                    return ProblemException.invalid(path(wrong), message(wrong));
                }
                case InputCoercionException tooLarge
                when !tooLarge.getPath().isEmpty() -> {
                    return ProblemException.invalid(path(tooLarge), "is a number beyond what this field can hold");
                }
                case StreamConstraintsException excess -> {
                    return malformed("The body nests too deeply, or a name, text or number in it is too long.");
                }
                case StreamReadException syntax -> {
                    return malformed("The body is not valid JSON" + at(syntax) + ".");
                }
                case DatabindException more
                when String.valueOf(more.getOriginalMessage()).startsWith("Trailing token") -> {
                    return malformed("The body has more in it than one JSON value.");
                }
                case DatabindException wrong -> {
                    return ProblemException.invalid("body", message(wrong));
                }
                default -> {}
            }
        }
        return malformed("The request needs a JSON body in UTF-8.");
    }

    private static ProblemException malformed(String detail) {
        return ProblemException.of(HttpStatus.BAD_REQUEST, "malformed_json", detail);
    }

    private static String at(JacksonException syntax) {
        var location = syntax.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
    }

    private static String path(JacksonException wrong) {
        var path = wrong.getPath().stream()
                .map(step ->
                        step.getPropertyName() != null ? "." + step.getPropertyName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining());
        var shown = path.startsWith(".") ? path.substring(1) : path;
        return shown.length() > 100 ? shown.substring(0, 100) + "…" : shown;
    }

    private static String known(UnrecognizedPropertyException unknown) {
        var names = unknown.getKnownPropertyIds();
        return names == null
                ? ""
                : "; it knows " + names.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
    }

    /** Jackson's own messages name Java types; ours are kept. */
    private static String message(DatabindException wrong) {
        var own = wrong.getOriginalMessage();
        if (own != null && (own.startsWith("must ") || own.startsWith("is ") || own.startsWith("'"))) {
            return own;
        }
        if (wrong instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "must be " + describe(mismatch.getTargetType());
        }
        return "cannot be read as what this field holds";
    }

    private static String describe(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return "a whole number from -2147483648 to 2147483647";
        }
        if (type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "a string";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        if (type == Instant.class) {
            return "a time such as \"2030-01-31T12:00:00Z\"";
        }
        return "a JSON object";
    }

    private BodyProblems() {}
}
