package io.remotegpu.standalone;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** What the person at the terminal sees: one line a step, with its time. Everything else goes to the log files. */
public final class Console {

    private final PrintStream out;

    public Console(PrintStream out) {
        this.out = out;
    }

    /** A step of the part that {@code who} names, for example {@code "PostgreSQL"}. */
    public void say(String who, String what) {
        line(String.format(Locale.ROOT, "  %-12s %s", who, what));
    }

    /** A whole line. */
    public synchronized void line(String text) {
        out.println(text);
        out.flush();
    }

    /** For example {@code "0.4 s"}. */
    public static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    /** For example {@code "0.4 s"}, since that {@link System#nanoTime()}. */
    public static String secondsSince(long nanoTime) {
        return seconds(Duration.ofNanos(System.nanoTime() - nanoTime));
    }
}
