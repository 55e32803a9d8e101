package io.remotegpu.api.reconciler;

import io.remotegpu.db.reconcile.Finding;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A finding as answers show it. */
@Schema(name = "Finding")
record FindingView(
        @Schema(example = "12") long id,

        @Schema(description = "The check's stable name", example = "ended")
        String check,

        @Schema(example = "environment/8c7d2f0e-6c2e-4b1f-9a51-3c1d8a0b7e55 on host-001")
        String subject,

        @Schema(allowableValues = {"info", "warning", "critical"})
        String severity,

        @Nullable UUID environmentId,

        @Schema(example = "host-001") @Nullable String hostId,

        @Schema(description = "What was found, in words") String found,

        @Schema(description = "What happens by itself, or what to do")
        String remedy,

        Instant firstSeen,
        Instant lastSeen,

        @Schema(description = "In how many passes", example = "2")
        int timesSeen,

        @Schema(description = "What was done about it, or why nothing could be done yet") @Nullable
        String healing,

        @Schema(description = "Null while it is open") @Nullable
        Instant closedAt,

        @Schema(
                description = "Null while it is open",
                allowableValues = {"healed", "gone"})
        @Nullable
        String outcome) {

    static FindingView of(Finding finding) {
        return new FindingView(
                finding.id(),
                finding.check(),
                finding.subject(),
                finding.severity(),
                finding.environmentId(),
                finding.hostId(),
                finding.found(),
                finding.remedy(),
                finding.firstSeen(),
                finding.lastSeen(),
                finding.timesSeen(),
                finding.healing(),
                finding.closedAt(),
                finding.outcome());
    }
}
