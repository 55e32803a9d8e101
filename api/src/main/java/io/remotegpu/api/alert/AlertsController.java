package io.remotegpu.api.alert;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.Page;
import io.remotegpu.api.web.PageRequest;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.api.web.WireNames;
import io.remotegpu.db.alert.AlertDeliveries;
import io.remotegpu.db.alert.AlertFilter;
import io.remotegpu.db.alert.AlertRule;
import io.remotegpu.db.alert.AlertState;
import io.remotegpu.db.alert.Alerts;
import io.remotegpu.db.invariants.Severity;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "operations")
@RestController
@RequestMapping("/api/v1/alerts")
class AlertsController {

    private final Alerts alerts;
    private final AlertDeliveries deliveries;

    AlertsController(Alerts alerts, AlertDeliveries deliveries) {
        this.alerts = alerts;
        this.deliveries = deliveries;
    }

    @Schema(name = "Acknowledge", example = """
            {"comment": "the card was ordered"}""")
    record Acknowledgement(
            @Pattern(
                    regexp = "[^\\p{Cntrl}]{1,500}",
                    message = "must have 1 to 500 characters, none of them a control character")
            @Nullable
            String comment) {}

    @Operation(
            summary = "What somebody should look at",
            description =
                    "Newest first. An administrator sees all, everybody else what is of their own environments and"
                            + " quota. An alert fires until its condition is gone.")
    @GetMapping
    Page<AlertView> list(
            @AuthenticationPrincipal Caller caller,
            @Parameter(schema = @Schema(allowableValues = {"firing", "resolved"}))
                    @RequestParam(required = false)
                    @Nullable
                    String state,
            @Parameter(
                            schema =
                                    @Schema(
                                            allowableValues = {
                                                "host_silent",
                                                "gpu_error",
                                                "gpu_hot",
                                                "disk_full",
                                                "environment_failed",
                                                "queue_old",
                                                "finding",
                                                "quota_nearly_used",
                                                "environment_ending"
                                            }))
                    @RequestParam(required = false)
                    @Nullable
                    String rule,
            @Parameter(schema = @Schema(allowableValues = {"info", "warning", "critical"}))
                    @RequestParam(required = false)
                    @Nullable
                    String severity,
            @Parameter(description = "Whether somebody takes care of it") @RequestParam(required = false) @Nullable
                    Boolean acknowledged,
            @RequestParam(name = "host_id", required = false) @Size(max = 63) @Nullable String hostId,
            @RequestParam(name = "environment_id", required = false) @Nullable UUID environmentId,
            PageRequest page) {
        var filter = new AlertFilter(
                WireNames.parse("state", state, AlertState::fromWireName),
                WireNames.parse("rule", rule, AlertRule::fromWireName),
                WireNames.parse("severity", severity, Severity::fromWireName),
                acknowledged,
                hostId,
                environmentId,
                visibleTo(caller));
        return Page.of(
                alerts.search(filter, page.offset(), page.pageSize()), page, alerts.count(filter), AlertView::of);
    }

    @Operation(summary = "One alert", description = "For administrators with what became of telling it to each target.")
    @GetMapping("/{id}")
    AlertView get(@AuthenticationPrincipal Caller caller, @PathVariable long id) {
        var alert = alerts.find(id, visibleTo(caller)).orElseThrow(() -> ProblemException.notFound("alert", id));
        return AlertView.of(alert, caller.admin() ? deliveries.of(id) : null);
    }

    @Operation(
            summary = "Say that you take care of an alert (admin)",
            description = "It is not told again while it fires, and stays in the list; its end is told. Said once more,"
                    + " the newer word counts.")
    @PostMapping("/{id}/acknowledge")
    AlertView acknowledge(
            @AuthenticationPrincipal Caller caller,
            @PathVariable long id,
            @Valid @RequestBody(required = false) @Nullable Acknowledgement request,
            HttpServletRequest http) {
        AuditTrail.subject(http, "alert/" + id);
        return alerts.acknowledge(id, caller.username(), request == null ? null : request.comment())
                .map(AlertView::of)
                .orElseThrow(() -> alerts.find(id, null).isEmpty()
                        ? ProblemException.notFound("alert", id)
                        : ProblemException.of(
                                HttpStatus.CONFLICT,
                                "alert_resolved",
                                "Alert " + id + " is resolved: there is nothing to take care of any more."));
    }

    private static @Nullable Long visibleTo(Caller caller) {
        return caller.admin() ? null : caller.userId();
    }
}
