package io.remotegpu.activities.host;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.Map;

/** One kind of engine that this machine may have; asked with every report, because engines come and go. */
interface LocalEngine {

    DeploymentMode mode();

    /** What it is now. Never fails, and never takes longer than a report can wait. */
    Answer ask() throws InterruptedException;

    /**
     * @param offers whether environments of its mode can be placed here now
     * @param facts for people; the one named like the mode says in a few words what is offered
     */
    record Answer(boolean offers, Map<String, String> facts) {

        static final Answer NONE = new Answer(false, Map.of());
    }
}
