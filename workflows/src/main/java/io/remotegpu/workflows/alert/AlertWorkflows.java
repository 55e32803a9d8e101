package io.remotegpu.workflows.alert;

/** Names that schedules and workers of alerts share. */
public final class AlertWorkflows {

    /** The schedule's id, and the beginning of its workflows' ids. */
    public static final String SCHEDULE = "alerts";

    /** Its own queue, so that however slow those are who are told, nobody's operation waits for it. */
    public static final String QUEUE = "alerts";

    /** The implementations, for a worker to register. */
    public static Class<?>[] implementations() {
        return new Class<?>[] {EvaluateAlertsImpl.class, DeliverAlertImpl.class};
    }

    private AlertWorkflows() {}
}
