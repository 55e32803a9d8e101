package io.remotegpu.activities.environment;

import io.remotegpu.db.allocation.NoCapacityException;
import io.remotegpu.db.quota.QuotaExceededException;
import io.remotegpu.workflows.environment.Refusal;
import io.remotegpu.workflows.environment.Shortage;
import io.temporal.failure.ApplicationFailure;
import java.util.List;

/** How a refusal looks to a workflow: final, its type the {@link Refusal}, its message what to do about it. */
final class Refusals {

    static ApplicationFailure refuse(Refusal refusal, Exception reason) {
        return ApplicationFailure.newNonRetryableFailure(reason.getMessage(), refusal.name());
    }

    static ApplicationFailure refuse(QuotaExceededException exceeded) {
        return refuse(
                Refusal.QUOTA_EXCEEDED,
                exceeded,
                exceeded.excesses().stream()
                        .map(excess -> new Shortage(excess.field(), excess.message()))
                        .toList());
    }

    static ApplicationFailure refuse(NoCapacityException full) {
        return refuse(
                Refusal.NO_CAPACITY,
                full,
                full.lacks().stream()
                        .map(lack -> new Shortage(lack.field(), lack.message()))
                        .toList());
    }

    private static ApplicationFailure refuse(Refusal refusal, Exception reason, List<Shortage> shortages) {
        return ApplicationFailure.newNonRetryableFailure(reason.getMessage(), refusal.name(), shortages);
    }

    private Refusals() {}
}
