package io.remotegpu.chaos;

import org.jspecify.annotations.Nullable;

/** Ends the trial without a verdict, in words for the person who started it. */
final class ChaosException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ChaosException(String message) {
        super(message);
    }

    ChaosException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
