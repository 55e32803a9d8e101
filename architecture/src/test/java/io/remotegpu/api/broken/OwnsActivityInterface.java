package io.remotegpu.api.broken;

import io.temporal.activity.ActivityInterface;

@ActivityInterface
public interface OwnsActivityInterface {
    void run();
}
