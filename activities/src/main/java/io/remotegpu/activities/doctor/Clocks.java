package io.remotegpu.activities.doctor;

import java.time.Duration;
import java.time.Instant;

/** Whether a part's clock says what this machine's does. */
final class Clocks {

    /** Tokens expire, leases and graces end by these clocks. */
    private static final Duration TOLERATED = Duration.ofSeconds(5);

    /**
     * @param before when it was asked, by this machine's clock
     * @param theirs what it said
     * @param after when it had answered
     */
    static Diagnosis compare(String whose, Instant before, Instant theirs, Instant after) {
        var off = theirs.isBefore(before) ? Duration.between(theirs, before) : Duration.between(after, theirs);
        if (off.compareTo(TOLERATED) > 0) {
            return Diagnosis.finding(
                    "clocks",
                    whose + " clock is " + off.toSeconds() + " s off this machine's",
                    "Let both machines take their time from the same server (chrony, systemd-timesyncd).");
        }
        return Diagnosis.fine("clocks", whose + " clock agrees with this machine's");
    }

    private Clocks() {}
}
