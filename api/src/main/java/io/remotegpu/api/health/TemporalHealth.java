package io.remotegpu.api.health;

import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether Temporal answers. Without it everything can be read and nothing begun. */
final class TemporalHealth implements HealthIndicator {

    private static final long PATIENCE_SECONDS = 5;

    private final WorkflowClient temporal;

    TemporalHealth(WorkflowClient temporal) {
        this.temporal = temporal;
    }

    @Override
    public Health health() {
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
