package io.remotegpu.activities.host;

import java.util.Collection;
import java.util.Set;

/** Where hosts are known. */
public interface HostRegistry extends HostReports {

    /**
     * Registers the machines that this process speaks for, or renews what is known of them. Simulated ones of earlier
     * starts that are not among them take nothing new.
     */
    @Override
    void register(Collection<HostReport> machines);

    /**
     * Every simulated host that there ever was: its environments are stopped and deleted by this process, whether it is
     * simulated in this start or not.
     */
    Set<String> simulatedHosts();
}
