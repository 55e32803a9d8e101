package io.remotegpu.activities.timetable;

import io.micrometer.core.instrument.MeterRegistry;
import io.remotegpu.activities.worker.AutomaticOperations;
import io.remotegpu.db.audit.AutomaticChanges;
import io.remotegpu.db.timetable.TimetableWatch;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.timetable.TimetableSteps;
import io.temporal.client.WorkflowClient;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A look at what is due. Counts {@code remotegpu.timetable.operations} by kind. */
public final class TimetableActivities implements TimetableSteps {

    private static final Logger LOG = LoggerFactory.getLogger(TimetableActivities.class);

    private final TimetableWatch watch;
    private final AutomaticOperations operations;
    private final MeterRegistry meters;

    public TimetableActivities(WorkflowClient temporal, TimetableWatch watch, MeterRegistry meters) {
        this.watch = watch;
        this.operations = new AutomaticOperations(temporal);
        this.meters = meters;
    }

    @Override
    public List<String> keep() {
        var done = new ArrayList<String>();
        for (var id : watch.toJudge()) {
            watch.judge(id).filter(this::begin).ifPresent(due -> {
                var kind = due.kind().wireName();
                meters.counter("remotegpu.timetable.operations", "kind", kind).increment();
                done.add(kind + " '" + due.name() + "' of " + due.owner() + ": " + due.reason());
            });
        }
        done.forEach(LOG::info);
        return done;
    }

    private boolean begin(TimetableWatch.Due due) {
        return operations.begin(
                due.kind(),
                new AutomaticOperations.Subject(due.id(), due.name(), due.owner(), due.mode(), due.hostId()),
                new OperationRequest(
                        due.id(), AutomaticChanges.TIMETABLE, due.waitAtMost(), null, due.reason(), due.moment()));
    }
}
