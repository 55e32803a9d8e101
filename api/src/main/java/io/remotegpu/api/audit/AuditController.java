package io.remotegpu.api.audit;

import io.remotegpu.api.web.ListFormat;
import io.remotegpu.api.web.Moments;
import io.remotegpu.api.web.PageRequest;
import io.remotegpu.api.web.WireNames;
import io.remotegpu.db.audit.AuditFilter;
import io.remotegpu.db.audit.AuditLog;
import io.remotegpu.db.audit.AuditOrigin;
import io.remotegpu.db.audit.AuditOutcome;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "operations")
@RestController
@RequestMapping("/api/v1/audit")
class AuditController {

    private final AuditLog log;
    private final AuditExport export;

    AuditController(AuditLog log, AuditExport export) {
        this.log = log;
        this.export = export;
    }

    @Operation(
            summary = "Who changed what (admin)",
            description =
                    "Newest first: each request that changed something or was refused, what an operator said to a workflow, and"
                            + " what the system changed by itself. With format=csv or format=ndjson all that match, as a file,"
                            + " without pages.")
    @ApiResponse(
            responseCode = "200",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = AuditPage.class)),
                @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
                @Content(mediaType = "application/x-ndjson", schema = @Schema(type = "string"))
            })
    @GetMapping
    @Nullable
    ResponseEntity<AuditPage> audit(
            @Parameter(description = "Who, exactly", example = "ada")
                    @RequestParam(required = false)
                    @Size(max = 200)
                    @Nullable
                    String actor,
            @Parameter(description = "A part of the action", example = "/drain")
                    @RequestParam(required = false)
                    @Size(max = 200)
                    @Nullable
                    String action,
            @Parameter(example = "host") @RequestParam(name = "target_type", required = false) @Size(max = 63) @Nullable
                    String targetType,
            @Parameter(example = "host-001")
                    @RequestParam(name = "target_id", required = false)
                    @Size(max = 200)
                    @Nullable
                    String targetId,
            @Parameter(schema = @Schema(allowableValues = {"done", "accepted", "refused", "failed"}))
                    @RequestParam(required = false)
                    @Nullable
                    String outcome,
            @Parameter(schema = @Schema(allowableValues = {"api", "operator", "automatic"}))
                    @RequestParam(required = false)
                    @Nullable
                    String origin,
            @Parameter(description = "Not before", example = Moments.EXAMPLE) @RequestParam(required = false) @Nullable
                    String from,
            @Parameter(description = "Before", example = "2026-12-01T00:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    String to,
            @Parameter(schema = @Schema(allowableValues = {"json", "csv", "ndjson"}))
                    @RequestParam(required = false)
                    @Nullable
                    String format,
            PageRequest page,
            HttpServletResponse response)
            throws IOException {
        var filter = new AuditFilter(
                actor,
                action,
                targetType,
                targetId,
                WireNames.parse("outcome", outcome, AuditOutcome::fromWireName),
                WireNames.parse("origin", origin, AuditOrigin::fromWireName),
                Moments.parse("from", from),
                Moments.parse("to", to));
        Moments.checkOrder(filter.from(), filter.to());
        var wanted = ListFormat.parse(format, ListFormat.JSON, ListFormat.CSV, ListFormat.NDJSON);
        if (wanted != ListFormat.JSON) {
            export.write(filter, wanted, response);
            return null;
        }
        var entries = log.search(filter, page.offset(), page.pageSize()).stream()
                .map(AuditView::of)
                .toList();
        return ResponseEntity.ok(new AuditPage(entries, page.page(), page.pageSize(), log.count(filter)));
    }
}
