package io.remotegpu.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that one run of the benchmark found; absent is what was not measured.
 *
 * @param terminalNote why (a) was not measured
 * @param engine the Docker engine's version
 */
record Figures(
        Machine machine,
        @Nullable String engine,
        @Nullable TerminalFigures terminal,
        @Nullable String terminalNote,
        @Nullable ControlFigures control,
        List<Throughput.Run> throughput) {

    /** (a), and what RemoteGPU takes until it says that the environment runs: every service answered its probe. */
    record TerminalFigures(Comparison comparison, Samples untilRunning) {}

    /** (b), and what a create is made of. */
    record ControlFigures(Comparison comparison, List<StepKind> steps, int events, int workflowTasks) {}
}
