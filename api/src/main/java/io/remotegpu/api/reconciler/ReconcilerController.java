package io.remotegpu.api.reconciler;

import io.remotegpu.api.web.Page;
import io.remotegpu.api.web.PageRequest;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.invariants.Severity;
import io.remotegpu.db.reconcile.FindingFilter;
import io.remotegpu.db.reconcile.Findings;
import io.remotegpu.workflows.reconcile.Reconcile;
import io.remotegpu.workflows.reconcile.ReconcilerWorkflows;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "operations")
@RestController
@RequestMapping("/api/v1/reconciler")
class ReconcilerController {

    private static final Logger LOG = LoggerFactory.getLogger(ReconcilerController.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Findings findings;
    private final WorkflowClient temporal;

    ReconcilerController(Findings findings, WorkflowClient temporal) {
        this.findings = findings;
        this.temporal = temporal;
    }

    /** Whether something is still wrong. */
    enum State {
        OPEN,
        CLOSED
    }

    /** A pass that was begun, or joined. */
    @Schema(name = "ReconcilerRun")
    record RunView(
            @Schema(example = "reconciler-asked-for") String workflowId,

            @Schema(description = "Where it is found in Temporal")
            String runId) {}

    @Operation(
            summary = "What the reconciler found (admin)",
            description = "Newest first. A finding is open until it is healed or gone.")
    @GetMapping("/findings")
    Page<FindingView> findings(
            @Parameter(schema = @Schema(allowableValues = {"open", "closed"})) @RequestParam(required = false) @Nullable
                    String state,
            @Parameter(schema = @Schema(allowableValues = {"info", "warning", "critical"}))
                    @RequestParam(required = false)
                    @Nullable
                    String severity,
            @Parameter(description = "The check's name", example = "ended")
                    @RequestParam(required = false)
                    @Size(max = 63)
                    @Nullable
                    String check,
            @RequestParam(name = "environment_id", required = false) @Nullable UUID environmentId,
            @RequestParam(name = "host_id", required = false) @Size(max = 63) @Nullable String hostId,
            PageRequest page) {
        var filter = new FindingFilter(open(state), severity(severity), check, environmentId, hostId);
        return Page.of(
                findings.search(filter, page.offset(), page.pageSize()), page, findings.count(filter), FindingView::of);
    }

    private static @Nullable Boolean open(@Nullable String state) {
        if (state == null) {
            return null;
        }
        try {
            return State.valueOf(state.toUpperCase(Locale.ROOT)) == State.OPEN;
        } catch (IllegalArgumentException unknown) {
            throw ProblemException.badParameter("state", "must be open or closed");
        }
    }

    private static @Nullable Severity severity(@Nullable String severity) {
        try {
            return severity == null ? null : Severity.fromWireName(severity);
        } catch (IllegalArgumentException unknown) {
            throw ProblemException.badParameter("severity", "must be info, warning or critical");
        }
    }

    @Operation(
            summary = "Let the reconciler look now (admin)",
            description =
                    "It looks by itself every minute. Asked again while it looks, the same pass is answered. What it"
                            + " finds is in the findings; nothing is healed before the grace time is over.")
    @PostMapping("/run")
    @ResponseStatus(HttpStatus.ACCEPTED)
    RunView run() {
        var begun = CompletableFuture.supplyAsync(this::begin, task -> Thread.startVirtualThread(task));
        try {
            return begun.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            LOG.warn("A pass of the reconciler could not be begun", failure);
            throw unavailable();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unavailable();
        }
    }

    private RunView begin() {
        var pass = temporal.newWorkflowStub(
                Reconcile.class,
                WorkflowOptions.newBuilder()
                        .setWorkflowId(ReconcilerWorkflows.ASKED_FOR)
                        .setTaskQueue(ReconcilerWorkflows.QUEUE)
                        .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                        .setStaticSummary("asked for by an administrator")
                        .build());
        var run = WorkflowClient.start(pass::reconcile);
        return new RunView(run.getWorkflowId(), run.getRunId());
    }

    private static ProblemException unavailable() {
        return ProblemException.tryLater(
                HttpStatus.SERVICE_UNAVAILABLE,
                "temporal_unavailable",
                "The workflow server does not answer, so no pass was begun that you heard of: try again.",
                RETRY_AFTER);
    }
}
