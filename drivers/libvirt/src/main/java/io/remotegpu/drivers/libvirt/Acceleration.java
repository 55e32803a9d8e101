package io.remotegpu.drivers.libvirt;

/** What executes a machine's instructions. */
public enum Acceleration {
    /** KVM where the host can, otherwise emulation. */
    AUTO,
    /** The processor itself. */
    KVM,
    /** QEMU's own emulation: ten to thirty times slower, for hosts without hardware virtualization. */
    EMULATION
}
