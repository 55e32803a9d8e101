package io.remotegpu.activities.watch;

import io.remotegpu.activities.worker.HostWorker;
import io.remotegpu.activities.worker.WorkerSettings;
import io.remotegpu.db.environment.HostLosses;
import io.remotegpu.db.environment.Interventions;
import io.remotegpu.db.host.DrainedEnvironments;
import io.remotegpu.db.host.HostWatch;
import io.remotegpu.db.user.DeactivatedEnvironments;
import io.remotegpu.workflows.host.HostSteps;
import io.temporal.activity.Activity;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of the watch over hosts. */
public final class HostWatchActivities implements HostSteps {

    private static final Logger LOG = LoggerFactory.getLogger(HostWatchActivities.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration ENDING = Duration.ofSeconds(5);
    private static final int MOST_ENDED = 100;

    private final WorkflowClient temporal;
    private final HostWatch watch;
    private final HostLosses losses;
    private final DrainedEnvironments drained;
    private final DeactivatedEnvironments deactivated;
    private final Interventions interventions;
    private final WatchedOperations operations;
    private final HostWatchSettings settings;
    private final WorkerSettings worker;

    public HostWatchActivities(
            WorkflowClient temporal,
            HostWatch watch,
            HostLosses losses,
            DrainedEnvironments drained,
            DeactivatedEnvironments deactivated,
            Interventions interventions,
            HostWatchSettings settings,
            WorkerSettings worker) {
        this.temporal = temporal;
        this.watch = watch;
        this.losses = losses;
        this.drained = drained;
        this.deactivated = deactivated;
        this.interventions = interventions;
        this.operations = new WatchedOperations(temporal);
        this.settings = settings;
        this.worker = worker;
    }

    @Override
    public List<String> watch() {
        var done = new ArrayList<String>();
        for (var hostId : watch.quarantineSilent(settings.silence())) {
            done.add("host " + hostId + " takes nothing new: nothing was heard of it for "
                    + settings.silence().toSeconds() + " s");
        }
        var waiting = interventions.noteWaiting(settings.silence());
        if (waiting > 0) {
            done.add("operations that wait for a silent host: " + waiting + " more");
        }
        for (var hostId : losses.unswept()) {
            if (operations.lose(hostId)) {
                done.add("host " + hostId + " was declared lost: dealing with what is on it");
            }
        }
        for (var environment : drained.toStop()) {
            if (operations.stop(environment)) {
                drained.stopping(environment);
                done.add("stopping '" + environment.name() + "' of " + environment.owner() + ", because host "
                        + environment.hostId() + " is drained");
            }
        }
        end(deactivated.due(MOST_ENDED), done);
        done.forEach(LOG::warn);
        return done;
    }

    /** Last, and not for long: whoever does not answer keeps nobody from looking at hosts. */
    private void end(List<DeactivatedEnvironments.Due> due, List<String> done) {
        var until = System.nanoTime() + ENDING.toNanos();
        for (var environment : due) {
            if (System.nanoTime() > until) {
                return;
            }
            var operationId = environment.operationId();
            var hostId = environment.hostId();
            if (operationId != null) {
                if (operations.abort(environment, operationId)) {
                    done.add("giving up '" + environment.name() + "': " + environment.reason());
                }
            } else if (hostId != null && operations.stop(environment, hostId)) {
                done.add("stopping '" + environment.name() + "': " + environment.reason());
            }
        }
    }

    @Override
    public void settle(String hostId) {
        if (losses.settle(hostId).isEmpty()) {
            return;
        }
        var context = Activity.getExecutionContext();
        try (var standIn =
                new HostWorker(temporal, hostId, new LostEngine(hostId, () -> losses.isUnswept(hostId)), worker)) {
            standIn.start();
            while (true) {
                var left = losses.settle(hostId);
                if (left.isEmpty()) {
                    return;
                }
                context.heartbeat("still under way: " + String.join(", ", left));
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the worker is shutting down; another attempt goes on", e);
        }
    }

    @Override
    public boolean isUnswept(String hostId) {
        return losses.isUnswept(hostId);
    }

    @Override
    public boolean swept(String hostId, int removed) {
        return losses.swept(hostId, removed);
    }
}
