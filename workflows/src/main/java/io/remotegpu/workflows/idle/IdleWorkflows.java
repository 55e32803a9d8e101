package io.remotegpu.workflows.idle;

/** Names that schedules and workers share. */
public final class IdleWorkflows {

    /** The schedule's id, and the beginning of its workflows' ids. */
    public static final String SCHEDULE = "watch-idleness";

    /** Its own queue, so that however much there is to look at, nobody's operation waits for it. */
    public static final String QUEUE = "idle";

    /** The implementations, for a worker to register. */
    public static Class<?>[] implementations() {
        return new Class<?>[] {WatchIdlenessImpl.class};
    }

    private IdleWorkflows() {}
}
