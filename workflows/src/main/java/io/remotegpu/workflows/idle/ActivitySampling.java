package io.remotegpu.workflows.idle;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** What a host sees of the use of its environments; a regular activity on the host's own queue. Changes nothing. */
@ActivityInterface(namePrefix = "Activity_")
public interface ActivitySampling {

    /** One answer for each; what cannot be looked at says why. */
    List<Seen> sample(List<Look.Target> targets);
}
