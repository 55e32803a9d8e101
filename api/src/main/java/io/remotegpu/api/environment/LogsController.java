package io.remotegpu.api.environment;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.KeptLog;
import io.remotegpu.drivers.spi.LogPart;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "environments")
@RestController
@RequestMapping("/api/v1/environments/{id}/logs")
class LogsController {

    private static final Pattern POSITION = Pattern.compile("[\\x21-\\x7e]{1," + LogPart.LONGEST_POSITION + "}");

    private final OwnEnvironments own;
    private final LogReading logs;
    private final LogFollowing following;

    LogsController(OwnEnvironments own, LogReading logs, LogFollowing following) {
        this.own = own;
        this.logs = logs;
        this.following = following;
    }

    @Schema(name = "EnvironmentLog")
    record LogView(
            @Schema(description = "When its host read it; null when it never did") @Nullable
            Instant takenAt,

            @Schema(description = "Oldest first") List<String> lines) {}

    @Operation(
            summary = "The end of its log",
            description =
                    "What its main process wrote, for its owner only, because programs write secrets into logs. Of an "
                            + "environment that came up in vain, what it wrote before it was removed. "
                            + "At most 256 KiB; with 'Accept: text/plain' just the lines. With 'Accept: text/event-stream' "
                            + "the answer stays open and brings lines as they are written, {\"lines\": […]} in each event "
                            + "named 'lines'; Last-Event-ID goes on where an earlier stream ended, with nothing lost or "
                            + "twice. It waits for an environment that is on its way, and ends, with an event named 'end' that "
                            + "has the status, when nothing runs any more.")
    @ApiResponse(
            responseCode = "200",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = LogView.class)),
                @Content(mediaType = "text/plain", schema = @Schema(type = "string")),
                @Content(mediaType = "text/event-stream", schema = @Schema(type = "string"))
            })
    @GetMapping
    Object logs(
            @AuthenticationPrincipal Caller caller,
            HttpMethod method,
            @PathVariable UUID id,
            @Parameter(description = "How many lines at most") @RequestParam(defaultValue = "200") @Min(1) @Max(1000)
                    int tail,
            @Parameter(hidden = true) @RequestHeader(name = "Accept", required = false) @Nullable String accept,
            @Parameter(description = "The last event that an earlier stream brought")
                    @RequestHeader(name = "Last-Event-ID", required = false)
                    @Nullable
                    String lastEventId) {
        if (!HttpMethod.HEAD.equals(method) && AcceptHeader.names(accept, MediaType.TEXT_EVENT_STREAM)) {
            own.owned(caller, id);
            return following.open(caller, id, position(lastEventId), tail);
        }
        var asText = AcceptHeader.names(accept, MediaType.TEXT_PLAIN);
        var log = logs.of(own.owned(caller, id));
        var lines = log.map(kept -> kept.tail(tail)).orElse(List.of());
        var answer = ResponseEntity.ok();
        return asText
                ? answer.contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                        .body(String.join("\n", lines) + (lines.isEmpty() ? "" : "\n"))
                : answer.contentType(MediaType.APPLICATION_JSON)
                        .body(new LogView(log.map(KeptLog::takenAt).orElse(null), lines));
    }

    private static @Nullable String position(@Nullable String lastEventId) {
        if (lastEventId != null && !POSITION.matcher(lastEventId).matches()) {
            throw ProblemException.badParameter("Last-Event-ID", "must be the number of an event of this log");
        }
        return lastEventId;
    }
}
