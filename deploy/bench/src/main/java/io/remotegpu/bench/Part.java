package io.remotegpu.bench;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can be measured by itself, in the order of the letters in the report. */
enum Part {
    TERMINAL,
    CONTROL,
    THROUGHPUT,
    POD,
    VM;

    /** As it is typed. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    char letter() {
        return (char) ('a' + ordinal());
    }

    static Part of(String word) {
        return Stream.of(values())
                .filter(part -> part.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--only wants one of "
                        + Stream.of(values()).map(Part::word).collect(Collectors.joining(", ")) + "; it got " + word));
    }
}
