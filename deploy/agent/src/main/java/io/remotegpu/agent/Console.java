package io.remotegpu.agent;

import java.io.PrintStream;
import java.util.Locale;

/** What the person at the terminal, or the journal, gets to read: one line an event. Everything else goes to the log. */
final class Console {

    private final PrintStream out;

    Console(PrintStream out) {
        this.out = out;
    }

    /** An event of the part that {@code who} names, for example {@code "Temporal"}. */
    void say(String who, String what) {
        line(String.format(Locale.ROOT, "  %-12s %s", who, what));
    }

    /** A whole line. */
    synchronized void line(String text) {
        out.println(text);
        out.flush();
    }
}
