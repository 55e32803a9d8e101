package io.remotegpu.workflows.environment;

import org.jspecify.annotations.Nullable;

/**
 * An operator's word on an operation.
 *
 * @param by who says so, at most 100 printable characters; needed
 * @param reason why, for the events and the audit, at most 500
 * @param operationId the operation that is meant; absent for the one under way
 */
public record HandRequest(
        @Nullable String by,
        @Nullable String reason,
        @Nullable String operationId) {

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_REASON = 500;

    /** Refuses what cannot be written down. */
    void check() {
        if (by == null || by.isBlank()) {
            throw refusal("say who you are: {\"by\": \"your name\"}");
        }
        check("by", by, LONGEST_NAME);
        if (reason != null) {
            check("reason", reason, LONGEST_REASON);
        }
    }

    private static void check(String field, String text, int longest) {
        if (text.length() > longest || text.codePoints().anyMatch(HandRequest::unprintable)) {
            throw refusal(
                    "'" + field + "' must be at most " + longest + " characters, none of them a control character");
        }
    }

    /** Control characters, and halves of surrogate pairs, which no database stores. */
    private static boolean unprintable(int character) {
        return Character.isISOControl(character) || Character.getType(character) == Character.SURROGATE;
    }

    private static HandRefusedException refusal(String message) {
        return new HandRefusedException(Refusal.INVALID_REQUEST, message);
    }
}
