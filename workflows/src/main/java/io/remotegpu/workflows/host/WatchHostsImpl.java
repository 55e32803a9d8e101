package io.remotegpu.workflows.host;

import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Public for the SDK, which constructs it; nobody else may. */
public final class WatchHostsImpl implements WatchHosts {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Override
    public void watch() {
        // Not retried: the schedule comes again soon, and what it would find then is newer.
        var done = Workflow.newLocalActivityStub(
                        HostSteps.class,
                        LocalActivityOptions.newBuilder()
                                .setStartToCloseTimeout(PATIENCE)
                                .setRetryOptions(RetryOptions.newBuilder()
                                        .setMaximumAttempts(1)
                                        .build())
                                .setSummary("look at all hosts")
                                .build())
                .watch();
        if (!done.isEmpty()) {
            Workflow.setCurrentDetails(String.join("\n", done));
        }
    }
}
