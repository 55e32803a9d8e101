package io.remotegpu.workflows.environment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an operation stands, as its workflow knows.
 *
 * @param step the step under way, for example {@code "deploy"}
 * @param done the steps that are finished, oldest first
 * @param undoing whether it is giving back what it took
 * @param queue where it stood in the queue when it last looked; absent when it does not wait
 */
public record OperationProgress(
        String step,
        List<String> done,
        boolean undoing,
        @Nullable QueueProgress queue) {

    /** One that does not wait. */
    public OperationProgress(String step, List<String> done, boolean undoing) {
        this(step, done, undoing, null);
    }
}
