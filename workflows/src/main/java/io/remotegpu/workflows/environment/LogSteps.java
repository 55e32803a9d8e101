package io.remotegpu.workflows.environment;

import io.temporal.activity.ActivityInterface;

/** What a host does for those who follow logs; a regular, heartbeating activity on the host's own queue. */
@ActivityInterface(namePrefix = "Logs_")
public interface LogSteps {

    /** Reads on in what somebody follows, and hands over what was written; ends when for a while nobody has followed. */
    void follow(String hostId);
}
