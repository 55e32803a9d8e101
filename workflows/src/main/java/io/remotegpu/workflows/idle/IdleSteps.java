package io.remotegpu.workflows.idle;

import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import java.util.List;

/** The database's and Temporal's side of a look. Each may be done twice. */
@ActivityInterface(namePrefix = "Idle_")
public interface IdleSteps {

    Look begin();

    /**
     * Writes what was seen down, concludes, warns, and begins to stop what was idle for its time: an operation that is under
     * way on it goes first.
     *
     * @param pass when the look began
     * @return what was begun, in words
     */
    List<String> conclude(Instant pass, List<Seen> seen);
}
