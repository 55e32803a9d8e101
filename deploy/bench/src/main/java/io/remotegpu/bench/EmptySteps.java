package io.remotegpu.bench;

import io.temporal.activity.ActivityInterface;

/** Steps that do nothing. */
@ActivityInterface(namePrefix = "Empty_")
public interface EmptySteps {

    /** For a local activity. */
    void nothing();

    /** For a regular one: a heartbeat when it begins, as the engine's steps have. */
    void nothingButHeartbeat();
}
