package io.remotegpu.api.web;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as requests give them: {@code "2h"}, {@code "90m"}, {@code "1h30m"}, {@code "1d"}, or ISO 8601 ({@code "PT2H"}). */
public final class DurationText {

    private static final Pattern FORM =
            Pattern.compile("(?=\\d)(?:(\\d{1,6})d)?(?:(\\d{1,8})h)?(?:(\\d{1,9})m)?(?:(\\d{1,10})s)?");

    /** {@link IllegalArgumentException} says what is wrong. */
    public static Duration parse(String text) {
        var form = FORM.matcher(text);
        if (form.matches()) {
            return Duration.ofDays(number(form.group(1)))
                    .plusHours(number(form.group(2)))
                    .plusMinutes(number(form.group(3)))
                    .plusSeconds(number(form.group(4)));
        }
        try {
            if (text.length() <= 40) {
                return Duration.parse(text);
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            // not this form either
        }
        throw new IllegalArgumentException("must be a duration such as \"2h\", \"90m\" or \"PT2H\"");
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private DurationText() {}
}
