package io.remotegpu.activities.environment;

import io.remotegpu.workflows.environment.Refusal;
import io.remotegpu.workflows.environment.Shortage;
import io.temporal.failure.ApplicationFailure;
import java.util.List;

/** How a refusal looks to a workflow: final, its type the {@link Refusal}, its message what to do about it. */
final class Refusals {

    static ApplicationFailure refuse(Refusal refusal, Exception reason) {
        return ApplicationFailure.newNonRetryableFailure(reason.getMessage(), refusal.name());
    }

    static ApplicationFailure refuse(Refusal refusal, Exception reason, List<Shortage> shortages) {
        return ApplicationFailure.newNonRetryableFailure(reason.getMessage(), refusal.name(), shortages);
    }

    private Refusals() {}
}
