package io.remotegpu.db.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the audit.
 *
 * @param actor a username, {@code anonymous}, {@code host:<id>}, or which part of the system acted by itself
 * @param address from where the request came
 * @param action the request's method and route, or what was done in words
 * @param targetType what kind of thing it was about: {@code environment}, {@code host}, {@code user} …
 * @param status the HTTP status that was answered; null for what no request asked for
 * @param detail why it was refused, or what was done
 */
public record AuditEntry(
        long id,
        Instant at,
        AuditOrigin origin,
        String actor,
        @Nullable String address,
        String action,
        @Nullable String targetType,
        @Nullable String targetId,
        AuditOutcome outcome,
        @Nullable Integer status,
        @Nullable String detail,
        @Nullable String requestId) {}
