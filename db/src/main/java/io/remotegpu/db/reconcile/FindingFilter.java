package io.remotegpu.db.reconcile;

import io.remotegpu.db.invariants.Severity;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which findings; null is all. */
public record FindingFilter(
        @Nullable Boolean open,
        @Nullable Severity severity,
        @Nullable String check,
        @Nullable UUID environmentId,
        @Nullable String hostId) {}
