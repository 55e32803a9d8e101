package io.remotegpu.workflows.environment;

import io.temporal.workflow.Workflow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What to give back should the operation fail: last taken, first returned, detached from cancellation.
 *
 * <p>An undo is registered <em>before</em> the step it undoes, because a step whose answer was lost may still have
 * happened; so an undo takes the environment's id alone, and giving back what is not held is success. Undos retry
 * without end. One that cannot finish (a dead host) holds back those registered before it: a GPU must not be given to
 * somebody else while the container that uses it may still run.
 */
final class Rollback {

    /** One thing held; compared by identity. */
    static final class Holding {
        private final String name;
        private final Runnable undo;

        private Holding(String name, Runnable undo) {
            this.name = name;
            this.undo = undo;
        }
    }

    private final Deque<Holding> holdings = new ArrayDeque<>();

    /**
     * @param name what is held from now on, in words for the user, for example {@code "host and GPUs"}
     * @param undo gives it back
     */
    Holding onFailure(String name, Runnable undo) {
        var holding = new Holding(name, undo);
        holdings.push(holding);
        return holding;
    }

    /** It turned out that this was never taken. */
    void forget(Holding holding) {
        holdings.remove(holding);
    }

    /** Gives this back now; nothing, when it is not held. */
    void undo(Holding holding) {
        if (holdings.contains(holding)) {
            Workflow.newDetachedCancellationScope(holding.undo).run();
            holdings.remove(holding);
        }
    }

    /** What is still to be given back, in the order in which that happens. */
    List<String> pending() {
        return holdings.stream().map(holding -> holding.name).toList();
    }

    /** Gives everything back. */
    void run() {
        while (!holdings.isEmpty()) {
            undo(holdings.element());
        }
    }
}
