package io.remotegpu.workflows.alert;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** What the look at the rules does with the database. */
@ActivityInterface(namePrefix = "Alerts_")
public interface AlertSteps {

    /**
     * Opens and resolves alerts, and writes down what is to be told to whom, in one transaction. Idempotent.
     *
     * @return what nobody delivers yet; the same again until it is {@link #handedOut}
     */
    List<Notice> look();

    /** Each of these has its workflow. Idempotent. */
    void handedOut(List<Notice> notices);
}
