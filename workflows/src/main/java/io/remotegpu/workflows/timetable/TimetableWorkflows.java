package io.remotegpu.workflows.timetable;

/** Names that schedules and workers share. */
public final class TimetableWorkflows {

    /** The schedule's id, and the beginning of its workflows' ids. */
    public static final String SCHEDULE = "keep-timetables";

    /** Its own queue, so that however much is due, nobody's operation waits for it. */
    public static final String QUEUE = "timetables";

    /** The implementations, for a worker to register. */
    public static Class<?>[] implementations() {
        return new Class<?>[] {KeepTimetablesImpl.class};
    }

    private TimetableWorkflows() {}
}
