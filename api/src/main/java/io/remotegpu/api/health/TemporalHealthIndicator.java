package io.remotegpu.api.health;

import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether Temporal answers. Without it everything can be read and nothing begun. Anybody may ask for the health, as often as they like,
 * so an answer is good for a while.
 */
@Component
final class TemporalHealthIndicator implements HealthIndicator {

    private static final long PATIENCE_SECONDS = 2;
    private static final long FRESH = TimeUnit.SECONDS.toNanos(2);

    private record Seen(Health health, long at) {}

    private final WorkflowClient temporal;
    private @Nullable Seen seen;

    TemporalHealthIndicator(WorkflowClient temporal) {
        this.temporal = temporal;
    }

    @Override
    public synchronized Health health() {
        var last = seen;
        if (last == null || System.nanoTime() - last.at >= FRESH) {
            last = new Seen(ask(), System.nanoTime());
            seen = last;
        }
        return last.health;
    }

    private Health ask() {
        try {
            var answer = temporal.getWorkflowServiceStubs()
                    .blockingStub()
                    .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .getSystemInfo(GetSystemInfoRequest.getDefaultInstance());
            return Health.up().withDetail("version", answer.getServerVersion()).build();
        } catch (StatusRuntimeException away) {
            return Health.down()
                    .withDetail("error", away.getStatus().toString())
                    .build();
        }
    }
}
