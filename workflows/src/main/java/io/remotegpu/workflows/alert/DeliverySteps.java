package io.remotegpu.workflows.alert;

import io.temporal.activity.ActivityInterface;

/** Tells a target what it is to be told. */
@ActivityInterface(namePrefix = "Deliveries_")
public interface DeliverySteps {

    /**
     * Tells it, unless it was told already. Fails while the target does not take it, with the time at which to try again;
     * what was tried for long enough is given up, which is no failure.
     *
     * @return {@code delivered}, {@code given_up: …} with the reason, or {@code gone} when nobody wants to be told any more
     */
    String deliver(Notice notice);
}
