package io.remotegpu.drivers.libvirt;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A domain whose UUID is an environment's id, at one moment.
 *
 * @param metadata what it says of itself; null when it is not of RemoteGPU's making
 * @param active whether there is a process that runs it
 */
record Machine(UUID id, @Nullable MachineMetadata metadata, MachineState state, boolean active) {

    boolean belongsTo(String installation) {
        return metadata != null
                && metadata.id().equals(id)
                && metadata.installation().equals(installation);
    }
}
