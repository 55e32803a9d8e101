package io.remotegpu.api.oidc;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a provider says of somebody. */
record Claims(Map<String, Object> all) {

    Optional<String> text(String name) {
        return value(name) instanceof String text && !text.isBlank() ? Optional.of(text.strip()) : Optional.empty();
    }

    /** One value or several; none where there is no such claim. */
    Set<String> values(String name) {
        return switch (value(name)) {
            case String one -> Set.of(one);
            case Collection<?> some ->
                some.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .collect(Collectors.toSet());
            case null, default -> Set.of();
        };
    }

    /** A claim of that very name, dots and all, or else one inside another. */
    private @Nullable Object value(String name) {
        if (all.containsKey(name)) {
            return all.get(name);
        }
        Object within = all;
        for (var part : name.split("\\.")) {
            within = within instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return within;
    }
}
