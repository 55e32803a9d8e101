package io.remotegpu.activities.worker;

import io.grpc.StatusRuntimeException;
import io.remotegpu.db.allocation.CapacityChanges;
import io.remotegpu.db.allocation.CapacityQueue;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

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

    private static final Duration LISTEN_AGAIN = Duration.ofSeconds(1);

    /** So that it ends soon when it is told to. */
    private static final Duration SLICE = Duration.ofMillis(500);

    private final WorkflowClient temporal;
    private final CapacityQueue queue;
    private final CapacityChanges changes;
    private final Told told = new Told(LOOK_EVERY);
    private volatile @Nullable Thread thread;

    public QueueDispatcher(WorkflowClient temporal, CapacityQueue queue, CapacityChanges changes) {
        this.temporal = temporal;
        this.queue = queue;
        this.changes = changes;
    }

    @Override
    public void start() {
        var started = new Thread(this::run, "queue-dispatcher");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    @Override
    public void stop() {
        var running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
            try {
                running.join(LOOK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private boolean current() {
        return thread == Thread.currentThread();
    }

    private void run() {
        while (current()) {
            try (var listening = changes.listen()) {
                while (current()) {
                    dispatch();
                    awaitNews(listening);
                }
            } catch (SQLException | DataAccessException | TransactionException failure) {
                if (current()) {
                    LOG.warn("The queue for capacity cannot be looked at now, trying again: {}", failure.toString());
                    pause();
                }
            }
        }
    }

    private void awaitNews(CapacityChanges.Listening listening) throws SQLException {
        var until = System.nanoTime() + LOOK_EVERY.toNanos();
        while (current() && !listening.await(SLICE) && System.nanoTime() - until < 0) {
            // Not yet.
        }
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

    private static void pause() {
        try {
            Thread.sleep(LISTEN_AGAIN);
        } catch (InterruptedException e) {
            // Told to end, which the loop sees.
        }
    }
}
