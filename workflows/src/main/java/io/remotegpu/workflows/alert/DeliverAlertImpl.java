package io.remotegpu.workflows.alert;

import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Public for the SDK, which constructs it; nobody else may. */
public final class DeliverAlertImpl implements DeliverAlert {

    /** Longer than an attempt may take at both ends of it. */
    private static final Duration ATTEMPT = Duration.ofMinutes(1);

    /** Where the step does not say itself when to try again: its worker or the database was away. */
    private static final RetryOptions RETRIES = RetryOptions.newBuilder()
            .setInitialInterval(Duration.ofSeconds(1))
            .setBackoffCoefficient(2)
            .setMaximumInterval(Duration.ofMinutes(1))
            .build();

    @Override
    public String deliver(Notice notice) {
        return Workflow.newActivityStub(
                        DeliverySteps.class,
                        ActivityOptions.newBuilder()
                                .setStartToCloseTimeout(ATTEMPT)
                                .setRetryOptions(RETRIES)
                                .setSummary("tell " + notice.target())
                                .build())
                .deliver(notice);
    }
}
