package io.remotegpu.activities.testing;

import io.remotegpu.drivers.simulated.DriverCall;
import io.remotegpu.drivers.simulated.Faults;
import io.remotegpu.drivers.simulated.ScriptedFaults;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The script of one simulated engine, which each test writes anew. */
final class EngineFaults implements Faults {

    private volatile ScriptedFaults script = new ScriptedFaults();

    ScriptedFaults script() {
        return script;
    }

    void clear() {
        script = new ScriptedFaults();
    }

    @Override
    public void before(DriverCall call, @Nullable UUID id) {
        script.before(call, id);
    }

    @Override
    public void after(DriverCall call, @Nullable UUID id) {
        script.after(call, id);
    }
}
