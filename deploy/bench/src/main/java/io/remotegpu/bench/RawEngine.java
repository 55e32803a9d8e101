package io.remotegpu.bench;

import java.util.UUID;

/**
 * What an engine alone takes for the same environment.
 *
 * <p>Everything that the engine is asked for is copied from what it says of an environment of RemoteGPU's; only names, ports
 * and labels differ, so that neither RemoteGPU nor a person takes one for the other. Not thread-safe.
 */
interface RawEngine extends AutoCloseable {

    /** Name and version, for the report. */
    String title();

    /** Remembers that environment, which must run, as the template of all that is measured from now on. */
    void copyFrom(UUID environment) throws InterruptedException;

    /**
     * Creates, starts, waits for the SSH banner; then removes it, which is not measured.
     *
     * @return the nanoseconds until the banner
     */
    long measure() throws InterruptedException;

    @Override
    void close();
}
