package io.remotegpu.activities.host;

import java.util.Collection;
import java.util.Set;

/** Where hosts are known. Nothing here changes what environments hold. */
public interface HostRegistry {

    /**
     * At every start: registers the machines that this process speaks for, or renews what is known of them. Simulated
     * ones of earlier starts that are not among them take nothing new.
     */
    void register(Collection<HostReport> machines);

    /**
     * Every simulated host that there ever was: its environments are stopped and deleted by this process, whether it is
     * simulated in this start or not.
     */
    Set<String> simulatedHosts();

    /** Between starts: what a registered machine now says of itself. */
    void report(HostReport machine);
}
