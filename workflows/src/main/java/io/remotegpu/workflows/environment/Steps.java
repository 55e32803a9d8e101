package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.workflows.StepCalls;
import io.remotegpu.workflows.TaskQueues;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/**
 * How steps are called: timeouts, retries, and what Temporal's UI says of them.
 *
 * <p>Database steps are local activities (a regular one costs the server 20 to 30 ms of CPU); engine steps are regular
 * and heartbeat, so that a dead host is noticed within {@link StepCalls#HEARTBEAT}.
 */
final class Steps {

    /** How long a host may take to pick a new environment's deploy up before another host is tried. */
    private static final Duration PICK_UP = Duration.ofSeconds(30);

    /** Long enough for the pull of a large image. */
    private static final Duration DEPLOY = Duration.ofMinutes(60);

    private static final Duration TAKE_DOWN = Duration.ofMinutes(10);
    private static final Duration READ = Duration.ofSeconds(10);
    private static final Duration FOLLOW = Duration.ofDays(1);

    static AdmissionSteps admission(String summary) {
        return StepCalls.database(AdmissionSteps.class, summary);
    }

    static EnvironmentRecords records(String summary) {
        return StepCalls.database(EnvironmentRecords.class, summary);
    }

    static QuotaSteps quota(String summary) {
        return StepCalls.database(QuotaSteps.class, summary);
    }

    static AllocationSteps allocations(String summary) {
        return StepCalls.database(AllocationSteps.class, summary);
    }

    static PortSteps ports(String summary) {
        return StepCalls.database(PortSteps.class, summary);
    }

    /** One attempt to bring up, given up when the host does not take it up soon. */
    static EngineSteps tryToBringUp(String hostId, EnvironmentSpec spec) {
        return deploy(
                hostId,
                spec,
                engine(hostId)
                        .setScheduleToStartTimeout(PICK_UP)
                        .setRetryOptions(
                                RetryOptions.newBuilder().setMaximumAttempts(1).build()));
    }

    /** Going on where the host has begun: it may take its time to come back; retried while the error's kind allows. */
    static EngineSteps bringUp(String hostId, EnvironmentSpec spec) {
        return deploy(hostId, spec, engine(hostId));
    }

    private static EngineSteps deploy(String hostId, EnvironmentSpec spec, ActivityOptions.Builder options) {
        return Workflow.newActivityStub(
                EngineSteps.class,
                options.setStartToCloseTimeout(DEPLOY)
                        .setScheduleToCloseTimeout(DEPLOY)
                        .setSummary("deploy " + spec.type().wireName() + " '" + spec.name() + "' on " + hostId)
                        .build());
    }

    /** Taking down: waits for the host however long it takes, because what it holds cannot be given to others. */
    static EngineSteps takeDown(String hostId, String summary) {
        return Workflow.newActivityStub(
                EngineSteps.class,
                engine(hostId)
                        .setStartToCloseTimeout(TAKE_DOWN)
                        .setSummary(summary + " on " + hostId)
                        .build());
    }

    /** Reading, while somebody waits. */
    static EngineSteps readLog(String hostId) {
        return Workflow.newActivityStub(
                EngineSteps.class,
                engine(hostId)
                        .setScheduleToCloseTimeout(READ)
                        .setSummary("read the log on " + hostId)
                        .build());
    }

    /** For as long as somebody follows; another attempt goes on where the one before it was. */
    static LogSteps followLogs(String hostId) {
        return Workflow.newActivityStub(
                LogSteps.class,
                engine(hostId)
                        .setScheduleToStartTimeout(PICK_UP)
                        .setScheduleToCloseTimeout(FOLLOW)
                        .setSummary("read on in the logs of " + hostId + " that are followed")
                        .build());
    }

    private static ActivityOptions.Builder engine(String hostId) {
        return ActivityOptions.newBuilder()
                .setTaskQueue(TaskQueues.ofHost(hostId))
                .setHeartbeatTimeout(StepCalls.HEARTBEAT)
                // The undo must not run beside the step it undoes.
                .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                .setRetryOptions(StepCalls.UNTIL_IT_WORKS);
    }

    private Steps() {}
}
