package io.remotegpu.drivers.docker;

/** Whether the engine is asked to limit what an environment writes; its file system must know quotas for it. */
public enum DiskLimits {
    /** Where the engine can; where it cannot, operators are told. */
    AUTO,
    /** An environment is not brought up where the engine cannot. */
    REQUIRED,
    /** Not asked. */
    OFF
}
