package io.remotegpu.drivers.docker;

/** The way in which an engine hands GPUs to a container. */
public enum GpuAccess {
    /** CDI where the engine offers it, otherwise device requests. */
    AUTO,
    /** Container Device Interface, by qualified names such as {@code nvidia.com/gpu=0}; engines from 25 on. */
    CDI,
    /** The engine's NVIDIA device driver, as {@code docker run --gpus device=…}; needs the NVIDIA container toolkit. */
    DEVICE_REQUEST
}
