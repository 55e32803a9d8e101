package io.remotegpu.workflows.environment;

import io.remotegpu.workflows.StepCalls;
import io.remotegpu.workflows.TaskQueues;
import io.temporal.client.WorkflowOptions;
import java.util.Optional;
import java.util.UUID;

/** Names that clients and workers of the environment workflows share. */
public final class EnvironmentWorkflows {

    /** Update by which a caller starts an operation and learns whether it was admitted. */
    public static final String ADMIT = "admit";

    /** Update by which a delete is started, or handed to a create that is still running. */
    public static final String DELETE = "delete";

    /** Update of a start that waits for capacity: it waits no longer, and the environment is as it was before. */
    public static final String STOP_WAITING = "stopWaiting";

    /** Signal to a workflow that waits for capacity: its turn has come. Lost or repeated, it changes nothing. */
    public static final String WAKE = "wake";

    /** Updates of every operation, see {@link OperatorsHand}. */
    public static final String RETRY = "retry";

    public static final String SKIP = "skip";
    public static final String ABORT = "abort";

    /** Query that tells where an operation stands. */
    public static final String PROGRESS = "progress";

    private static final String PREFIX = "environment-";
    private static final String LOG_PREFIX = "log-";
    private static final String FOLLOW_PREFIX = "follow-logs-";

    /** The one workflow id of an environment; at most one open run can have it. */
    public static String workflowId(UUID environmentId) {
        return PREFIX + environmentId;
    }

    /**
     * How an operation's workflow is started, whoever starts it: what is left to say is what it is about.
     *
     * @see StepCalls#IN_HAND
     */
    public static WorkflowOptions.Builder options(UUID environmentId) {
        return WorkflowOptions.newBuilder()
                .setWorkflowId(workflowId(environmentId))
                .setTaskQueue(TaskQueues.CONTROL)
                .setWorkflowTaskTimeout(StepCalls.IN_HAND);
    }

    /** The environment whose workflow id it is; empty for every other id. */
    public static Optional<UUID> environmentOf(String workflowId) {
        if (!workflowId.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(workflowId.substring(PREFIX.length())));
        } catch (IllegalArgumentException other) {
            return Optional.empty();
        }
    }

    /** The one workflow id of reading an environment's log: whoever asks meanwhile joins. */
    public static String logWorkflowId(UUID environmentId) {
        return LOG_PREFIX + environmentId;
    }

    /** The one workflow id of following logs on a host: whoever follows another one joins. */
    public static String followWorkflowId(String hostId) {
        return FOLLOW_PREFIX + hostId;
    }

    /** The implementations, for a worker to register. */
    public static Class<?>[] implementations() {
        return new Class<?>[] {
            CreateEnvironmentImpl.class,
            StartEnvironmentImpl.class,
            StopEnvironmentImpl.class,
            DeleteEnvironmentImpl.class,
            CaptureLogImpl.class,
            FollowLogsImpl.class
        };
    }

    private EnvironmentWorkflows() {}
}
