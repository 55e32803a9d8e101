package io.remotegpu.db.user;

import java.util.Locale;

/** What a user may do: their own things, or everything. */
public enum Role {
    USER,
    ADMIN;

    /** The name in requests, answers and rows, for example {@code "admin"}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of that wire name; {@link IllegalArgumentException} when there is none. */
    public static Role fromWireName(String name) {
        for (var role : values()) {
            if (role.wireName().equals(name)) {
                return role;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is not one of user, admin");
    }
}
