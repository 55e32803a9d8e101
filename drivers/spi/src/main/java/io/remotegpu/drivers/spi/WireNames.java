package io.remotegpu.drivers.spi;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the vocabulary's enums are spelled outside Java: lower case, as in DESIGN's tables and in the API. */
final class WireNames {

    static String of(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static <E extends Enum<E>> E parse(Class<E> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> of(value).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is not one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(WireNames::of)
                                .collect(Collectors.joining(", "))));
    }

    private WireNames() {}
}
