package io.remotegpu.activities.idle;

import io.micrometer.core.instrument.MeterRegistry;
import io.remotegpu.activities.worker.AutomaticOperations;
import io.remotegpu.db.audit.AutomaticChanges;
import io.remotegpu.db.idle.IdleWatch;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.idle.IdleSteps;
import io.remotegpu.workflows.idle.Look;
import io.remotegpu.workflows.idle.Seen;
import io.temporal.client.WorkflowClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a look at who uses what. Counts {@code remotegpu.idle.looks} by what they said, {@code .warnings} and
 * {@code .stops}.
 */
public final class IdleActivities implements IdleSteps {

    private static final Logger LOG = LoggerFactory.getLogger(IdleActivities.class);

    private final IdleWatch watch;
    private final AutomaticOperations operations;
    private final MeterRegistry meters;

    public IdleActivities(WorkflowClient temporal, IdleWatch watch, MeterRegistry meters) {
        this.watch = watch;
        this.operations = new AutomaticOperations(temporal);
        this.meters = meters;
    }

    @Override
    public Look begin() {
        var byHost = watch.watched().stream()
                .collect(Collectors.groupingBy(
                        IdleWatch.Watched::hostId,
                        TreeMap::new,
                        Collectors.mapping(one -> new Look.Target(one.id(), one.mode()), Collectors.toList())));
        return new Look(
                watch.now(),
                byHost.entrySet().stream()
                        .map(host -> new Look.OnHost(host.getKey(), host.getValue()))
                        .toList());
    }

    @Override
    public List<String> conclude(Instant pass, List<Seen> seen) {
        var done = new ArrayList<String>();
        for (var one : seen) {
            watch.judge(pass, one.id(), one.activity(), one.trouble()).ifPresent(judged -> {
                meters.counter("remotegpu.idle.looks", "state", judged.state().wireName())
                        .increment();
                if (judged.warned()) {
                    meters.counter("remotegpu.idle.warnings").increment();
                }
                judged.idle().filter(this::stop).ifPresent(idle -> {
                    meters.counter("remotegpu.idle.stops").increment();
                    done.add("stopping '" + idle.name() + "' of " + idle.owner() + ": " + idle.reason());
                });
            });
        }
        done.forEach(LOG::info);
        return done;
    }

    private boolean stop(IdleWatch.Idle idle) {
        return operations.begin(
                OperationKind.STOP,
                new AutomaticOperations.Subject(idle.id(), idle.name(), idle.owner(), idle.mode(), idle.hostId()),
                new OperationRequest(idle.id(), AutomaticChanges.IDLE_REAPER, null, null, idle.reason()));
    }
}
