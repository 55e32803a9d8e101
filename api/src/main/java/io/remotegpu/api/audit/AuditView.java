package io.remotegpu.api.audit;

import io.remotegpu.db.audit.AuditEntry;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One entry as answers and exports show it. */
@Schema(name = "AuditEntry")
record AuditView(
        @Schema(example = "4711") long id,
        Instant at,

        @Schema(
                description =
                        "api: a request; operator: a word to a workflow, written before it is done; automatic: the"
                                + " system by itself",
                allowableValues = {"api", "operator", "automatic"})
        String origin,

        @Schema(
                description = "A user name, anonymous, host:<id>, or the part of the system that acted: reconciler,"
                        + " host-watch, queue, workflow …",
                example = "ada")
        String actor,

        @Schema(description = "From where", example = "10.1.2.3") @Nullable
        String address,

        @Schema(example = "POST /api/v1/hosts/{id}/drain") String action,

        @Schema(example = "host") @Nullable String targetType,

        @Schema(example = "host-001") @Nullable String targetId,

        @Schema(
                description =
                        "accepted: admitted, its workflow goes on; refused: answered 4xx; failed: answered 5xx, it may"
                                + " have been done",
                allowableValues = {"done", "accepted", "refused", "failed"})
        String outcome,

        @Schema(description = "What was answered; null for what no request asked for", example = "409") @Nullable
        Integer status,

        @Schema(description = "Why it was refused, or what was done", example = "host_in_use") @Nullable
        String detail,

        @Schema(description = "The answer's X-Request-Id", example = "6f1d2c1e-9d0b-4f5e-8a57-0d5c6a9f3b21") @Nullable
        String requestId) {

    static final List<String> COLUMNS = List.of(
            "id",
            "at",
            "origin",
            "actor",
            "address",
            "action",
            "target_type",
            "target_id",
            "outcome",
            "status",
            "detail",
            "request_id");

    static AuditView of(AuditEntry entry) {
        return new AuditView(
                entry.id(),
                entry.at(),
                entry.origin().wireName(),
                entry.actor(),
                entry.address(),
                entry.action(),
                entry.targetType(),
                entry.targetId(),
                entry.outcome().wireName(),
                entry.status(),
                entry.detail(),
                entry.requestId());
    }

    /** In the order of the columns. */
    List<@Nullable Object> cells() {
        return Arrays.asList(
                id, at, origin, actor, address, action, targetType, targetId, outcome, status, detail, requestId);
    }
}
