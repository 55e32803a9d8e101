package io.remotegpu.db.user;

import java.util.Locale;

/** Whether an account may be used. */
public enum UserStatus {
    ACTIVE,
    /** Refused everywhere at once, with every token, for good; what the user owns stays, and is stopped where that is set. */
    INACTIVE;

    /** The name in requests, answers and rows, for example {@code "active"}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The status of that wire name; {@link IllegalArgumentException} when there is none. */
    public static UserStatus fromWireName(String name) {
        for (var status : values()) {
            if (status.wireName().equals(name)) {
                return status;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is not one of active, inactive");
    }
}
