package io.remotegpu.api.environment;

import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.Operation;
import io.remotegpu.db.environment.OperationRepository;
import io.remotegpu.db.gpu.Gpu;
import io.remotegpu.db.gpu.GpuRepository;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Views with what belongs to an environment but stands in other rows; for a list, one query for each kind of it. */
@Component
class EnvironmentViews {

    private final GpuRepository gpus;
    private final OperationRepository operations;

    EnvironmentViews(GpuRepository gpus, OperationRepository operations) {
        this.gpus = gpus;
        this.operations = operations;
    }

    EnvironmentView of(Environment environment) {
        return EnvironmentView.of(
                environment,
                gpus.heldBy(environment.id()),
                operations.last(environment.id()).orElse(null));
    }

    List<EnvironmentView> of(List<Environment> environments) {
        if (environments.isEmpty()) {
            return List.of();
        }
        var ids = environments.stream().map(Environment::id).toList();
        Map<UUID, List<Gpu>> held = gpus.heldByAny(ids).stream().collect(Collectors.groupingBy(gpu -> {
            var holder = gpu.allocatedTo();
            return holder == null ? new UUID(0, 0) : holder;
        }));
        Map<UUID, Operation> last = operations.lastOf(ids).stream()
                .collect(Collectors.toMap(Operation::environmentId, Function.identity()));
        return environments.stream()
                .map(environment -> EnvironmentView.of(
                        environment, held.getOrDefault(environment.id(), List.of()), last.get(environment.id())))
                .toList();
    }
}
