package io.remotegpu.activities.alert;

import java.io.Serial;

/** A target did not take it; the message says why, and nothing of what the target answered but its status. */
final class DeliveryFailedException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    DeliveryFailedException(String message) {
        super(message);
    }
}
