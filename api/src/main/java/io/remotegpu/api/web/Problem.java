package io.remotegpu.api.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** An error's answer (RFC 9457), sent as {@code application/problem+json}. */
@Schema(description = "What went wrong, in the form of RFC 9457")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        @Schema(description = "Identifies the kind of problem", example = "urn:remotegpu:problem:quota_exceeded")
        URI type,

        @Schema(description = "The status in words", example = "Conflict")
        String title,

        @Schema(description = "The HTTP status", example = "409")
        int status,

        @Schema(description = "What happened here, and what to do")
        String detail,

        @Schema(description = "Stable name of the kind of problem, for programs", example = "quota_exceeded")
        String code,

        @Schema(description = "The fields, parameters or headers that are to blame")
        List<FieldError> errors,

        @Schema(description = "The request's id, also in the answer's X-Request-Id header and in the server's log")
        @Nullable
        String requestId) {

    static Problem of(HttpStatus status, String code, String detail, List<FieldError> errors, @Nullable String id) {
        return new Problem(
                URI.create("urn:remotegpu:problem:" + code),
                status.getReasonPhrase(),
                status.value(),
                detail,
                code,
                errors,
                id);
    }
}
