package io.remotegpu.bench;

import java.util.Locale;

/** One line on the terminal that says what is being measured; nothing where there is no terminal. */
final class Progress {

    private final boolean shown = System.console() != null && System.console().isTerminal();

    void at(String what, int done, int of) {
        if (shown) {
            System.err.printf(Locale.ROOT, "\r\033[K  %s %d/%d", what, done, of);
        }
    }

    void clear() {
        if (shown) {
            System.err.print("\r\033[K");
        }
    }
}
