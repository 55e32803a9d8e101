package io.remotegpu.drivers.simulated;

/** What goes wrong with one call of an {@link UnreliableDriver}. */
public enum PlayedFault {
    /** Nothing was done, and it says so. */
    UNAVAILABLE,
    /** All was done, and the answer is lost. */
    LOST_ANSWER,
    /** Nothing for a long time, then no answer. */
    TIMEOUT,
    /** The call is carried out twice. */
    TWICE,
    SLOW,
    /** What cannot pass: the same call again gets the same. */
    REFUSED,
    NO_CAPACITY,
    PORT_TAKEN,
    /** An observation, or a list, that is not true. */
    WRONG_ANSWER
}
