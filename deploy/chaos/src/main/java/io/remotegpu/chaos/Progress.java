package io.remotegpu.chaos;

import java.time.LocalTime;
import java.time.ZoneId;

/** What goes on, for the person who waits. */
final class Progress {

    static void at(String what, long done, long of) {
        System.err.printf(
                "%tT  %s%s%n", LocalTime.now(ZoneId.systemDefault()), what, of == 0 ? "" : " " + done + "/" + of);
    }

    private Progress() {}
}
