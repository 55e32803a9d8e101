package io.remotegpu.bench;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that one run of the benchmark found; absent is what was not measured.
 *
 * @param creations in the order in which they were measured
 * @param leftOut what was wanted and could not be measured here, with the reason
 */
record Figures(
        Machine machine,
        List<CreationFigures> creations,
        Map<Part, String> leftOut,
        @Nullable ControlFigures control,
        List<Throughput.Run> throughput) {

    /**
     * One creation beside its engine.
     *
     * @param engine its name and version
     * @param untilRunning what RemoteGPU takes until it says that the environment runs: every service answered its probe
     */
    record CreationFigures(Creation creation, String engine, Comparison comparison, Samples untilRunning) {}

    /** (b), and what a create is made of. */
    record ControlFigures(Comparison comparison, List<StepKind> steps, int events, int workflowTasks) {}
}
