package io.remotegpu.api.web;

import org.jspecify.annotations.Nullable;

/** Text that JSON allows and a database does not. */
final class TextFaults {

    /** What is wrong with the text, or null. */
    static @Nullable String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return "must not contain the character U+0000";
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return "must not contain half of a surrogate pair";
            }
        }
        return null;
    }

    private TextFaults() {}
}
