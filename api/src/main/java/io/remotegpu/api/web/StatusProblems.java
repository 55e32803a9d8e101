package io.remotegpu.api.web;

import java.time.Duration;
import java.util.Locale;
import org.springframework.http.HttpStatus;

/** The problems of which only the status is known. */
public final class StatusProblems {

    public static ProblemException of(HttpStatus status) {
        return switch (status) {
            case UNAUTHORIZED ->
                ProblemException.of(
                        status,
                        "unauthorized",
                        "This route needs a token: log in at POST /api/v1/users/login and send 'Authorization: Bearer <token>'.");
            case FORBIDDEN -> ProblemException.of(status, "forbidden", "This token may not do that.");
            case NOT_FOUND ->
                ProblemException.of(status, "no_such_route", "There is no such route; /docs lists those there are.");
            case METHOD_NOT_ALLOWED ->
                ProblemException.of(status, "method_not_allowed", "This route does not take that method.");
            case NOT_ACCEPTABLE ->
                ProblemException.of(status, "not_acceptable", "This route answers application/json: accept that.");
            case UNSUPPORTED_MEDIA_TYPE ->
                ProblemException.of(
                        status,
                        "unsupported_media_type",
                        "This route reads JSON in UTF-8: send 'Content-Type: application/json'.");
            case REQUEST_TIMEOUT ->
                ProblemException.of(status, "request_timeout", "The request did not come in time: send it faster.");
            case CONTENT_TOO_LARGE ->
                ProblemException.of(status, "body_too_large", "The body is too large: send less.");
            case URI_TOO_LONG -> ProblemException.of(status, "uri_too_long", "The address is too long.");
            case REQUEST_HEADER_FIELDS_TOO_LARGE ->
                ProblemException.of(status, "headers_too_large", "The headers are too large: send less.");
            default ->
                status.is5xxServerError()
                        ? ProblemException.of(
                                status,
                                "internal_error",
                                "The server failed on this request. Its log says why, under this request's id.")
                        : ProblemException.of(
                                status,
                                status == HttpStatus.BAD_REQUEST
                                        ? "bad_request"
                                        : status.name().toLowerCase(Locale.ROOT),
                                "The request cannot be understood.");
        };
    }

    /** What the firewall takes for an attack. */
    public static ProblemException rejected() {
        return ProblemException.of(
                HttpStatus.BAD_REQUEST, "bad_request", "The address or a header has characters that are not allowed.");
    }

    /** The database cannot be asked just now. */
    public static ProblemException databaseUnavailable() {
        return ProblemException.tryLater(
                HttpStatus.SERVICE_UNAVAILABLE,
                "database_unavailable",
                "The database does not answer. Try again.",
                Duration.ofSeconds(5));
    }

    private StatusProblems() {}
}
