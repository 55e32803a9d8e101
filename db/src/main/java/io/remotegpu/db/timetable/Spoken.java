package io.remotegpu.db.timetable;

import java.time.Duration;

/** Times as people say them. */
public final class Spoken {

    /** {@code 1 h 30 min}. */
    public static String time(Duration time) {
        var words = new StringBuilder();
        append(words, time.toDaysPart(), "d");
        append(words, time.toHoursPart(), "h");
        append(words, time.toMinutesPart(), "min");
        append(words, time.toSecondsPart(), "s");
        return words.isEmpty() ? "0 s" : words.toString();
    }

    private static void append(StringBuilder words, long number, String unit) {
        if (number > 0) {
            words.append(words.isEmpty() ? "" : " ").append(number).append(' ').append(unit);
        }
    }

    private Spoken() {}
}
