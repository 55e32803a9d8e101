package io.remotegpu.api.web;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Pattern;

/** A size as requests give it: a number of bytes, or a number with a unit ({@code "16Gi"}, {@code "500M"}). */
public record ByteSize(long bytes) {

    private static final Pattern FORM =
            Pattern.compile("(\\d{1,19})(?:\\.(\\d{1,9}))?\\s?(Ki|Mi|Gi|Ti|Pi|K|M|G|T|P)?B?");
    private static final Map<String, Long> UNITS = Map.of(
            "Ki",
            1L << 10,
            "Mi",
            1L << 20,
            "Gi",
            1L << 30,
            "Ti",
            1L << 40,
            "Pi",
            1L << 50,
            "K",
            1_000L,
            "M",
            1_000_000L,
            "G",
            1_000_000_000L,
            "T",
            1_000_000_000_000L,
            "P",
            1_000_000_000_000_000L);

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("must not be negative");
        }
    }

    /** Reads {@code "16Gi"}, {@code "1.5Ti"}, {@code "500M"} or {@code "1024"}; {@link IllegalArgumentException} says what is wrong. */
    public static ByteSize parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "must be a number of bytes or a number with a unit (Ki, Mi, Gi, Ti, K, M, G, T), for example \"16Gi\"");
        }
        var unit = form.group(3) == null ? 1L : UNITS.getOrDefault(form.group(3), 1L);
        var number = new BigDecimal(form.group(2) == null ? form.group(1) : form.group(1) + "." + form.group(2));
        var bytes = number.multiply(BigDecimal.valueOf(unit)).setScale(0, RoundingMode.DOWN);
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("is too large: at most 8Ei - 1 bytes can be counted");
        }
        return new ByteSize(bytes.longValueExact());
    }

    @Override
    public String toString() {
        return show(bytes);
    }

    /** {@code 17179869184} as {@code "16Gi"}: for messages. */
    public static String show(long bytes) {
        var names = new String[] {"Ti", "Gi", "Mi", "Ki"};
        for (var name : names) {
            var unit = UNITS.getOrDefault(name, 1L);
            if (bytes >= unit && bytes % unit == 0) {
                return bytes / unit + name;
            }
        }
        return Long.toString(bytes);
    }
}
