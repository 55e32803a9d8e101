package io.remotegpu.activities.host;

import java.util.Collection;

/** Where hosts are known. Nothing here changes what environments hold. */
public interface HostRegistry {

    /**
     * At every start: registers the machines that this process speaks for, or renews what is known of them. Simulated
     * ones of earlier starts that are not among them take nothing new.
     */
    void register(Collection<HostReport> machines);

    /** Between starts: what a registered machine now says of itself. */
    void report(HostReport machine);
}
