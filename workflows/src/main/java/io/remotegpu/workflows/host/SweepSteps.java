package io.remotegpu.workflows.host;

import io.temporal.activity.ActivityInterface;

/** What a host does for itself; on its own queue, beside the steps of its environments. */
@ActivityInterface(namePrefix = "Sweep_")
public interface SweepSteps {

    /**
     * Removes whatever the host's engines carry under our label, once the steps under way there have ended. Only for a host on
     * which the rows say nothing is, and to which nothing is given.
     *
     * @return of how many environments something was removed
     */
    int sweep();
}
