package io.remotegpu.workflows.reconcile;

/** Names that schedules, workers and the API share. */
public final class ReconcilerWorkflows {

    /** The schedule's id, and the beginning of its workflows' ids. */
    public static final String SCHEDULE = "reconciler";

    /** The workflow id of a pass that somebody asked for: whoever asks meanwhile joins. */
    public static final String ASKED_FOR = "reconciler-asked-for";

    /** Its own queue, so that however much there is to heal, nobody's operation waits for it. */
    public static final String QUEUE = "reconciler";

    /** The implementations, for a worker to register. */
    public static Class<?>[] implementations() {
        return new Class<?>[] {ReconcileImpl.class, RepairEnvironmentImpl.class};
    }

    private ReconcilerWorkflows() {}
}
