package io.remotegpu.api.alert;

import io.remotegpu.db.alert.Alert;
import io.remotegpu.db.alert.AlertDelivery;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An alert as answers show it. */
@Schema(name = "Alert")
record AlertView(
        @Schema(example = "12") long id,

        @Schema(allowableValues = {"firing", "resolved"}) String state,

        @Schema(example = "gpu_error") String rule,

        @Schema(allowableValues = {"info", "warning", "critical"})
        String severity,

        @Schema(description = "What it is about; of one rule and subject at most one alert fires", example = "gpu/7")
        String subject,

        @Schema(description = "In words", example = "GPU 3 (NVIDIA H100) of host host-001 is in error: Xid 79")
        String summary,

        @Schema(description = "What to do") String remedy,

        @Schema(description = "Whose it is, where it is somebody's") @Nullable
        Long userId,

        @Nullable UUID environmentId,

        @Schema(example = "host-001") @Nullable String hostId,

        Instant startedAt,

        @Schema(description = "When its condition was last found true")
        Instant lastSeen,

        @Schema(description = "Null while it fires") @Nullable
        Instant resolvedAt,

        @Schema(description = "Null while nobody said that they take care of it") @Nullable
        AcknowledgementView acknowledgement,

        @Schema(description = "To whom it was told; for administrators, of one alert") @Nullable
        List<DeliveryView> deliveries) {

    /** Who takes care of it. */
    @Schema(name = "AlertAcknowledgement")
    record AcknowledgementView(
            @Schema(example = "olga") String by,
            Instant at,

            @Schema(example = "the card was ordered") @Nullable
            String comment) {}

    /** What became of telling it to one target. */
    @Schema(name = "AlertDelivery")
    record DeliveryView(
            @Schema(description = "webhook/ and the target's id, or email", example = "webhook/1")
            String target,

            @Schema(
                    description = "What was told",
                    allowableValues = {"firing", "resolved"})
            String state,

            @Schema(description = "The first time that this is said, the second, …", example = "1")
            int notice,

            @Schema(allowableValues = {"pending", "delivered", "given_up"})
            String outcome,

            @Schema(example = "1") int attempts,

            @Schema(description = "Why it was not taken, last", example = "it answered 503, not 2xx") @Nullable
            String lastError,

            Instant createdAt,
            @Nullable Instant endedAt) {

        static DeliveryView of(AlertDelivery delivery) {
            return new DeliveryView(
                    delivery.key().target(),
                    delivery.key().state().wireName(),
                    delivery.key().notice(),
                    delivery.outcome() == null ? "pending" : delivery.outcome(),
                    delivery.attempts(),
                    delivery.lastError(),
                    delivery.createdAt(),
                    delivery.endedAt());
        }
    }

    static AlertView of(Alert alert) {
        return of(alert, null);
    }

    static AlertView of(Alert alert, @Nullable List<AlertDelivery> deliveries) {
        var by = alert.acknowledgedBy();
        var at = alert.acknowledgedAt();
        return new AlertView(
                alert.id(),
                alert.state().wireName(),
                alert.rule().wireName(),
                alert.severity().wireName(),
                alert.subject(),
                alert.summary(),
                alert.remedy(),
                alert.userId(),
                alert.environmentId(),
                alert.hostId(),
                alert.startedAt(),
                alert.lastSeen(),
                alert.resolvedAt(),
                by == null || at == null ? null : new AcknowledgementView(by, at, alert.acknowledgement()),
                deliveries == null
                        ? null
                        : deliveries.stream().map(DeliveryView::of).toList());
    }
}
