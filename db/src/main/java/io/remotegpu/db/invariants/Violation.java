package io.remotegpu.db.invariants;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing of which an invariant is not true.
 *
 * @param subject what it is about: {@code environment/<id>}, {@code host/<id>}, {@code gpu/<id>}, {@code port/<host>/<port>}
 * @param found what was found, in words
 */
public record Violation(
        Invariant invariant,
        String subject,
        @Nullable UUID environmentId,
        @Nullable String hostId,
        String found) {}
