package io.remotegpu.db.reconcile;

import io.remotegpu.db.invariants.Severity;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that is not as it should be.
 *
 * @param check the check's stable name
 * @param subject what it is about, for example {@code environment/<id>}; with the check, the finding's identity
 * @param found in words
 * @param remedy what happens by itself, or what an operator does
 */
public record NewFinding(
        String check,
        String subject,
        Severity severity,
        @Nullable UUID environmentId,
        @Nullable String hostId,
        String found,
        String remedy) {}
