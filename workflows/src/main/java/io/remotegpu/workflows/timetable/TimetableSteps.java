package io.remotegpu.workflows.timetable;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** The database's and Temporal's side of a look at what is due. */
@ActivityInterface(namePrefix = "Timetable_")
public interface TimetableSteps {

    /**
     * Announces what is to be announced, and begins what is due: an operation that is under way goes first. Again: what was
     * begun or announced is not due any more.
     *
     * @return what was begun, in words
     */
    List<String> keep();
}
