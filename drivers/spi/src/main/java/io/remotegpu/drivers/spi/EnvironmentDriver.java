package io.remotegpu.drivers.spi;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/**
 * Runs environments on one engine.
 *
 * <p>Every call MUST be idempotent: callers repeat a call whose answer was lost. Names and labels derive from the
 * environment's id alone, so that a driver keeps no state of its own and finds everything again after a crash. A driver
 * never cleans up after itself: when {@link #deploy} fails half-way, the caller decides to call again or to
 * {@link #remove}. Calls for different ids may run at the same time; calls for one id are made one after another, but a
 * call may follow one whose caller died in the middle. Nothing is retried inside: that is the caller's.
 *
 * <p>All calls throw {@link DriverException} only, apart from what {@link Progress#report} throws.
 */
public interface EnvironmentDriver {

    /**
     * Brings the environment up with exactly this spec, these GPUs and these ports; returns once the engine runs it
     * (not yet once its services answer: {@link #observe} tells). The data volume is created, or reused when it
     * exists. The same call again continues or returns; compute that exists with other GPUs, ports or spec is replaced.
     *
     * @throws DriverException of any kind; what was made so far stays for the next call or for {@link #remove}
     */
    void deploy(Deployment deployment, Progress progress);

    /**
     * Compute is gone, data stays. Already stopped or absent is success.
     *
     * @param grace how long processes may take to end before they are killed
     */
    void stop(UUID id, Duration grace);

    /** Compute, data and every trace are gone, also of a half-made deployment. Absent is success. */
    void remove(UUID id);

    /** What the engine says now. Never throws for an unknown id: that is {@link Observation#absent()}. */
    Observation observe(UUID id);

    /** Every environment of which this engine carries anything (compute or data) under our label. */
    Set<UUID> list();
}
