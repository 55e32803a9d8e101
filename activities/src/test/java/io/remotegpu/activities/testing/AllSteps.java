package io.remotegpu.activities.testing;

import io.remotegpu.workflows.environment.AdmissionSteps;
import io.remotegpu.workflows.environment.AllocationSteps;
import io.remotegpu.workflows.environment.EngineSteps;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.PortSteps;
import io.remotegpu.workflows.environment.QuotaSteps;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every step that a workflow can call; a new one appears here by itself. */
public final class AllSteps {

    private static Stream<Class<?>> interfaces() {
        return Stream.of(
                AdmissionSteps.class,
                EnvironmentRecords.class,
                QuotaSteps.class,
                AllocationSteps.class,
                PortSteps.class,
                EngineSteps.class);
    }

    /** Their names, as {@link StepFaults} knows them. */
    public static Set<String> names() {
        return interfaces()
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> !method.isSynthetic())
                .map(StepFaults::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private AllSteps() {}
}
