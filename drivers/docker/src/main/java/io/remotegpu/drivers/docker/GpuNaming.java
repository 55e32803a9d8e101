package io.remotegpu.drivers.docker;

import io.remotegpu.drivers.spi.GpuDevice;

/** By which name a GPU is asked for. */
public enum GpuNaming {
    /** Its own id where it has one, because indexes may change at a reboot; otherwise its index. */
    UUID,
    /** Its index on the host: for CDI specifications that name devices by index only. */
    INDEX;

    String nameOf(GpuDevice gpu) {
        String uuid = gpu.uuid();
        return this == INDEX || uuid == null ? Integer.toString(gpu.index()) : uuid;
    }
}
