package io.remotegpu.api.environment;

import io.remotegpu.db.allocation.CapacityQueue;
import io.remotegpu.db.allocation.QueuePlace;
import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.Operation;
import io.remotegpu.db.environment.OperationRepository;
import io.remotegpu.db.gpu.Gpu;
import io.remotegpu.db.gpu.GpuRepository;
import io.remotegpu.db.timetable.TimetableRows;
import io.remotegpu.db.timetable.TimetableWatch;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.Timetable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Views with what belongs to an environment but stands in other rows; for a list, one query for each kind of it. */
@Component
class EnvironmentViews {

    private final GpuRepository gpus;
    private final OperationRepository operations;

    private final EnvironmentRepository environments;
    private final CapacityQueue queue;
    private final TimetableRows timetables;
    private final TimetableWatch ends;
    private final StepsUnderWay steps;

    EnvironmentViews(
            GpuRepository gpus,
            OperationRepository operations,
            EnvironmentRepository environments,
            CapacityQueue queue,
            TimetableRows timetables,
            TimetableWatch ends,
            StepsUnderWay steps) {
        this.steps = steps;
        this.timetables = timetables;
        this.ends = ends;
        this.queue = queue;
        this.gpus = gpus;
        this.operations = operations;
        this.environments = environments;
    }

    EnvironmentView of(Environment environment) {
        return of(environment, false);
    }

    /** With what Temporal knows of the step under way. */
    EnvironmentView detailed(Environment environment) {
        return of(environment, true);
    }

    private EnvironmentView of(Environment environment, boolean detailed) {
        var operation = operations.last(environment.id()).orElse(null);
        var current = torn(environment, operation)
                ? environments.findById(environment.id()).orElse(environment)
                : environment;
        var timetable = timetables.of(current.id());
        return EnvironmentView.of(
                current,
                gpus.heldBy(current.id()),
                operation,
                detailed && operation != null ? steps.of(operation).orElse(null) : null,
                places(List.of(current)).get(current.id()),
                timetable,
                ends(List.of(current), Map.of(current.id(), timetable)).get(current.id()));
    }

    private Map<UUID, Instant> ends(List<Environment> page, Map<UUID, Timetable> tables) {
        return ends.ends(page.stream()
                .filter(environment ->
                        ends.mayEnd(environment.status(), tables.getOrDefault(environment.id(), Timetable.NONE)))
                .map(Environment::id)
                .toList());
    }

    private Map<UUID, QueuePlace> places(List<Environment> page) {
        var queued = page.stream()
                .filter(environment -> environment.status() == EnvironmentStatus.QUEUED)
                .map(Environment::id)
                .collect(Collectors.toSet());
        // Asking for none costs a transaction of another isolation, which is more than all the rest of a view.
        return queued.isEmpty() ? Map.of() : queue.places(queued);
    }

    /** The operation ended between the two looks: the row as it was before contradicts it. */
    private static boolean torn(Environment environment, @Nullable Operation operation) {
        return environment.status().moving() && operation != null && !operation.open();
    }

    List<EnvironmentView> of(List<Environment> page) {
        if (page.isEmpty()) {
            return List.of();
        }
        var ids = page.stream().map(Environment::id).toList();
        Map<UUID, List<Gpu>> held = gpus.heldByAny(ids).stream().collect(Collectors.groupingBy(gpu -> {
            var holder = gpu.allocatedTo();
            return holder == null ? new UUID(0, 0) : holder;
        }));
        Map<UUID, Operation> last = operations.lastOf(ids).stream()
                .collect(Collectors.toMap(Operation::environmentId, Function.identity()));
        var places = places(page);
        var tables = timetables.of(ids);
        var ending = ends(page, tables);
        return page.stream()
                .map(environment -> torn(environment, last.get(environment.id()))
                        ? of(environment)
                        : EnvironmentView.of(
                                environment,
                                held.getOrDefault(environment.id(), List.of()),
                                last.get(environment.id()),
                                null,
                                places.get(environment.id()),
                                tables.getOrDefault(environment.id(), Timetable.NONE),
                                ending.get(environment.id())))
                .toList();
    }
}
