package io.remotegpu.api.web;

import java.util.regex.Pattern;

/** Java's names of fields as requests spell them. */
final class FieldNames {

    private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])([A-Z])(?![^\\[]*\\])");

    /** {@code "environmentType"} as {@code "environment_type"}; what is in brackets, a caller's own key, stays. */
    static String onTheWire(String javaName) {
        return HUMP.matcher(javaName)
                .replaceAll(hump -> "_" + Character.toLowerCase(hump.group(1).charAt(0)));
    }

    private FieldNames() {}
}
