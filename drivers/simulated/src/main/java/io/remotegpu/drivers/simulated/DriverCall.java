package io.remotegpu.drivers.simulated;

/** The calls of the driver contract, as {@link Faults} sees them. */
public enum DriverCall {
    DEPLOY,
    STOP,
    REMOVE,
    OBSERVE,
    LIST
}
