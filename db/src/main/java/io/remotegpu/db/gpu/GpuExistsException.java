package io.remotegpu.db.gpu;

/** The host has a GPU of that index, or a GPU of that uuid is registered somewhere. */
public final class GpuExistsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    GpuExistsException(NewGpu gpu) {
        super("host " + gpu.hostId() + " has a GPU with index " + gpu.gpuIndex() + " already"
                + (gpu.uuid() == null ? "" : ", or " + gpu.uuid() + " is registered"));
    }
}
