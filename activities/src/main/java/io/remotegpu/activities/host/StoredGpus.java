package io.remotegpu.activities.host;

import io.remotegpu.activities.engine.GpuKeeper;
import io.remotegpu.db.gpu.Gpus;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** In the rows. */
record StoredGpus(Gpus gpus) implements GpuKeeper {

    @Override
    public List<String> heldBy(String hostId, UUID environmentId) {
        return gpus.heldBy(hostId, environmentId);
    }

    @Override
    public void putInError(String hostId, Map<String, String> reasons) {
        gpus.putInError(hostId, reasons);
    }
}
