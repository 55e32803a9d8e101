package io.remotegpu.activities.worker;

import io.grpc.StatusRuntimeException;
import io.remotegpu.db.allocation.CapacityQueue;
import io.remotegpu.db.channel.Channel;
import io.remotegpu.db.channel.Channels;
import io.remotegpu.db.channel.Listener;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Moves the queue for capacity on when something was freed, added or given up, and tells those whose turn has come. In
 * every process with the control role: whoever is first decides, under the queue's lock.
 *
 * <p>For haste only. Who got a place holds it, whether told or not; who does not take it up is told again; a pass is made
 * from time to time also when nothing is heard; and the workflows look by themselves.
 */
public final class QueueDispatcher implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(QueueDispatcher.class);

    /** How often the queue is looked at when nothing is heard: for what no row tells, as a port that is usable again. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final WorkflowClient temporal;
    private final CapacityQueue queue;
    private final Listener listener;
    private final Told told = new Told(LOOK_EVERY);

    public QueueDispatcher(WorkflowClient temporal, CapacityQueue queue, Channels channels) {
        this.temporal = temporal;
        this.queue = queue;
        this.listener = new Listener("queue-dispatcher", channels, Channel.CAPACITY, LOOK_EVERY, _ -> dispatch());
    }

    @Override
    public void start() {
        listener.start();
    }

    @Override
    public void stop() {
        listener.stop();
    }

    @Override
    public boolean isRunning() {
        return listener.isRunning();
    }

    private void dispatch() {
        for (UUID id : told.due(queue.dispatch(), System.nanoTime())) {
            try {
                temporal.newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(id))
                        .signal(EnvironmentWorkflows.WAKE);
            } catch (WorkflowException | StatusRuntimeException failure) {
                LOG.info(
                        "Environment {} could not be told that it has a place, and will look: {}",
                        id,
                        failure.toString());
            }
        }
    }
}
