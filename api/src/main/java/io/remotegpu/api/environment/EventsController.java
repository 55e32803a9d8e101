package io.remotegpu.api.environment;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.EnvironmentEvent;
import io.remotegpu.db.environment.EnvironmentEventRepository;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
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
@RequestMapping("/api/v1/environments/{id}/events")
class EventsController {

    private final OwnEnvironments own;
    private final EnvironmentEventRepository events;
    private final EventStreams streams;

    EventsController(OwnEnvironments own, EnvironmentEventRepository events, EventStreams streams) {
        this.own = own;
        this.events = events;
        this.streams = streams;
    }

    @Schema(name = "EnvironmentEvent")
    record EventView(
            long id,
            @Schema(example = "deploy") String step,

            @Schema(
                    allowableValues = {
                        "started",
                        "done",
                        "failed",
                        "undone",
                        "waiting",
                        "retried",
                        "skipped",
                        "aborted",
                        "warned",
                        "progress"
                    })
            String outcome,

            @Nullable String message,
            @Nullable String operationId,
            Instant at) {

        static EventView of(EnvironmentEvent event) {
            return new EventView(
                    event.id(),
                    event.step(),
                    event.outcome().wireName(),
                    event.message(),
                    event.operationId(),
                    event.at());
        }
    }

    @Schema(name = "EnvironmentEvents")
    record EventsView(
            List<EventView> items,

            @Schema(description = "Give it as 'after' to get what comes next")
            long after) {}

    @Operation(
            summary = "What happened to an environment",
            description =
                    "Oldest first. With 'Accept: text/event-stream' the answer stays open and brings events as they "
                            + "happen; Last-Event-ID goes on where an earlier stream ended.")
    @ApiResponse(
            responseCode = "200",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = EventsView.class)),
                @Content(mediaType = "text/event-stream", schema = @Schema(type = "string"))
            })
    @GetMapping
    Object events(
            @AuthenticationPrincipal Caller caller,
            HttpMethod method,
            @PathVariable UUID id,
            @Parameter(description = "Only events after this one") @RequestParam(defaultValue = "0") @Min(0) long after,
            @RequestParam(name = "page_size", defaultValue = "100") @Min(1) @Max(1000) int pageSize,
            @Parameter(hidden = true) @RequestHeader(name = "Accept", required = false) @Nullable String accept,
            @Parameter(description = "The last event that an earlier stream brought")
                    @RequestHeader(name = "Last-Event-ID", required = false)
                    @Nullable
                    String lastEventId) {
        own.visible(caller, id);
        if (!HttpMethod.HEAD.equals(method) && AcceptHeader.names(accept, MediaType.TEXT_EVENT_STREAM)) {
            return streams.open(caller, id, lastEventId == null ? after : number(lastEventId));
        }
        var items =
                events.after(id, after, pageSize).stream().map(EventView::of).toList();
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(new EventsView(
                        items, items.isEmpty() ? after : items.getLast().id()));
    }

    private static long number(String lastEventId) {
        if (!lastEventId.matches("[0-9]{1,18}")) {
            throw ProblemException.badParameter("Last-Event-ID", "must be the number of an event");
        }
        return Long.parseLong(lastEventId);
    }
}
