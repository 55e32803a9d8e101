package io.remotegpu.workflows.environment;

import java.util.List;

/**
 * Where an operation stands, as its workflow knows.
 *
 * @param step the step under way, for example {@code "deploy"}
 * @param done the steps that are finished, oldest first
 * @param undoing whether it is giving back what it took
 */
public record OperationProgress(String step, List<String> done, boolean undoing) {}
