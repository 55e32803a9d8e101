package io.remotegpu.drivers.spi;

import java.util.List;

/**
 * Some lines of a log, and how to read on.
 *
 * @param position behind the last of the lines; means something to the engine that said it, and to nobody else. Has no
 *     spaces, control characters or letters beyond ASCII, and at most {@value #LONGEST_POSITION} characters
 * @param lines oldest first, without line ends
 */
public record LogPart(String position, List<String> lines) {

    public static final int LONGEST_POSITION = 128;

    public LogPart {
        lines = List.copyOf(lines);
    }

    /** Programs write secrets into logs, so these do not get into another one. */
    @Override
    public String toString() {
        return "LogPart[" + lines.size() + " lines, then " + position + "]";
    }
}
