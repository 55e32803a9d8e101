package io.remotegpu.api.web;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that name one of a few things, exactly. A parameter of the enum's own type would, where its converter refuses, also
 * take the constant's name, and nothing for null.
 */
public final class WireNames {

    /**
     * The one that it names, or null where it is not given.
     *
     * @param parser refuses with what the parameter should have been
     * @throws ProblemException 400 where it names none
     */
    public static <T> @Nullable T parse(String parameter, @Nullable String text, Function<String, T> parser) {
        try {
            return text == null ? null : parser.apply(text);
        } catch (IllegalArgumentException unknown) {
            throw ProblemException.badParameter(parameter, String.valueOf(unknown.getMessage()));
        }
    }

    private WireNames() {}
}
