package io.remotegpu.drivers.simulated;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a test decides what goes wrong: called around every call, from the caller's thread, and may throw, block or do
 * nothing. {@link ScriptedFaults} is the usual one.
 */
public interface Faults {

    /** Before anything is done: to throw here is an engine that refused, or was not reached. */
    void before(DriverCall call, @Nullable UUID id);

    /** After everything was done: to throw here is an answer that was lost. */
    void after(DriverCall call, @Nullable UUID id);

    /** Nothing goes wrong. */
    static Faults none() {
        return new Faults() {
            @Override
            public void before(DriverCall call, @Nullable UUID id) {}

            @Override
            public void after(DriverCall call, @Nullable UUID id) {}
        };
    }
}
