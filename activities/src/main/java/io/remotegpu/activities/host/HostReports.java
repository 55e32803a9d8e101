package io.remotegpu.activities.host;

import java.util.Collection;

/** Where a process's machines are told of. Nothing here changes what environments hold. */
public interface HostReports {

    /** At every start: what is first known of the machines that this process speaks for. */
    void register(Collection<HostReport> machines);

    /** From then on: what a machine now says of itself. */
    void report(HostReport machine);
}
