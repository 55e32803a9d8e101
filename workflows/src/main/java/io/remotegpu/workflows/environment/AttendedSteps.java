package io.remotegpu.workflows.environment;

import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import org.jspecify.annotations.Nullable;

/**
 * The engine steps of one operation, one after another. Of the one under way an operator may have another attempt made at
 * once, and one that takes down may be left out.
 *
 * <p>Two attempts never run side by side: the next is asked for when the one before has ended, see the cancellation type in
 * {@link Steps}. One that waits for its host or for its next turn ends at once; one that runs ends with its next heartbeat
 * that it hears the cancellation by, and one whose host has died when its heartbeats are missed.
 */
final class AttendedSteps {

    /** How a step ended that did not fail. */
    enum End {
        DONE,
        /** It was ended for another attempt. */
        RETRY
    }

    /** The step under way. */
    static final class Step {
        private final String name;
        private final String hostId;
        private final boolean takesDown;
        private final CancellationScope scope;
        private boolean again;
        private boolean leftOut;

        private Step(String name, String hostId, boolean takesDown, Runnable call) {
            this.name = name;
            this.hostId = hostId;
            this.takesDown = takesDown;
            this.scope = Workflow.newCancellationScope(call);
        }

        String name() {
            return name;
        }

        String hostId() {
            return hostId;
        }

        boolean takesDown() {
            return takesDown;
        }

        /** Another attempt as soon as this one has ended; asked for twice, it is still one. */
        void tryAgain() {
            if (!again && !leftOut) {
                again = true;
                scope.cancel("tried again by hand");
            }
        }

        /** It counts as done as soon as this attempt has ended. */
        void leaveOut() {
            leftOut = true;
            scope.cancel("left out by hand");
        }
    }

    private @Nullable Step current;

    /** The step under way, if it is an engine's. */
    @Nullable
    Step current() {
        return current;
    }

    /** Runs until it is done or left out. */
    void takeDown(String name, String hostId, Runnable call) {
        var end = End.RETRY;
        while (end != End.DONE) {
            end = attend(new Step(name, hostId, true, call));
        }
    }

    /** Runs one attempt, and those that Temporal makes of it. */
    End bringUp(String hostId, Runnable call) {
        return attend(new Step("deploy", hostId, false, call));
    }

    private End attend(Step step) {
        var operation = CancellationScope.current();
        current = step;
        try {
            step.scope.run();
        } catch (TemporalFailure ended) {
            if (operation.isCancelRequested() || !(step.again || step.leftOut)) {
                throw ended;
            }
            return step.leftOut ? End.DONE : End.RETRY;
        } finally {
            current = null;
        }
        if (operation.isCancelRequested()) {
            // It was done before the word reached it: that it is not wanted any more was accepted.
            throw new CanceledFailure("cancelled while '" + step.name + "' was under way");
        }
        return End.DONE;
    }
}
