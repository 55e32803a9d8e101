package io.remotegpu.workflows.environment;

import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;

/**
 * What an operator can do about an operation that hangs; updates of every environment workflow, from the API, from
 * Temporal's UI or its CLI.
 *
 * <p>A refused one ({@link Refusal}) changed nothing; refused for what the workflow itself knows, it leaves no event in the
 * history either. Who did it is written down before it is done.
 */
public interface OperatorsHand {

    /** A new attempt of the engine step under way, without waiting for its turn; when one runs, that is ended first. */
    @UpdateMethod(
            name = EnvironmentWorkflows.RETRY,
            description = "A new attempt of the engine step under way, now. Input: {\"by\": \"your name\"}")
    HandAnswer retry(HandRequest request);

    @UpdateValidatorMethod(updateName = EnvironmentWorkflows.RETRY)
    void checkRetry(HandRequest request);

    /** Leaves a step out that takes down what a lost host can no longer have. */
    @UpdateMethod(
            name = EnvironmentWorkflows.SKIP,
            description =
                    "Leave out the step that takes down on a host that was declared lost. Input: {\"by\": \"your name\"}")
    HandAnswer skip(HandRequest request);

    @UpdateValidatorMethod(updateName = EnvironmentWorkflows.SKIP)
    void checkSkip(HandRequest request);

    /** Gives a create or start up: its step is ended and all that it took is given back. Again, it is the same one. */
    @UpdateMethod(
            name = EnvironmentWorkflows.ABORT,
            description =
                    "Give a create or start up, and give back what it took. Input: {\"by\": \"your name\", \"reason\": \"…\"}")
    HandAnswer abort(HandRequest request);

    @UpdateValidatorMethod(updateName = EnvironmentWorkflows.ABORT)
    void checkAbort(HandRequest request);
}
