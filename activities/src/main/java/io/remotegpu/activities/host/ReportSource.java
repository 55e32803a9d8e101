package io.remotegpu.activities.host;

import java.io.IOException;

/** A machine that can be asked what it is. */
public interface ReportSource {

    HostReport report() throws IOException, InterruptedException;
}
