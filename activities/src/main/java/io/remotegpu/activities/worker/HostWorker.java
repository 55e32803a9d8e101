package io.remotegpu.activities.worker;

import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.EngineSteps;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The host role: the engine steps of one host, polled from its own queue. Exactly one process has it for a host. */
public final class HostWorker implements AutoCloseable {

    private static final long DRAIN_SECONDS = 10;
    private static final int POLLERS = 2;
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private final WorkerFactory factory;

    public HostWorker(WorkflowClient client, String hostId, EngineSteps engine, WorkerSettings settings) {
        this(client, hostId, settings, engine);
    }

    /** @param steps implementations of what the host does */
    public HostWorker(WorkflowClient client, String hostId, WorkerSettings settings, Object... steps) {
        factory = WorkerFactory.newInstance(client);
        factory.newWorker(
                        TaskQueues.ofHost(hostId),
                        WorkerOptions.newBuilder()
                                .setUsingVirtualThreads(true)
                                .setMaxConcurrentActivityTaskPollers(POLLERS)
                                // A cancellation reaches a step with the answer to a heartbeat.
                                .setMaxHeartbeatThrottleInterval(HEARTBEAT)
                                .setMaxConcurrentActivityExecutionSize(settings.concurrentEngineSteps())
                                .build())
                .registerActivitiesImplementations(steps);
    }

    public void start() {
        factory.start();
    }

    /** Lets running steps come to a point where another attempt can continue. */
    @Override
    public void close() {
        factory.shutdownNow();
        factory.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
    }
}
