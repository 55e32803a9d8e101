package io.remotegpu.standalone.host;

/** Where hosts are known. */
public interface HostRegistry {

    /** Registers the machine, or renews what is known of it; never changes what its environments hold. */
    void report(HostReport report);
}
