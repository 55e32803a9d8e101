package io.remotegpu.api.security;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a token allows, within what its user may do. */
public enum Scope {
    /** Requests that change nothing. */
    READ,
    /** Requests that change something; says nothing about reading. */
    WRITE,
    /** Administration, where the user is an admin. */
    ADMIN;

    /** The name in requests, answers and rows, for example {@code "read"}. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scope of that wire name; {@link IllegalArgumentException} when there is none. */
    @JsonCreator
    public static Scope fromWireName(String name) {
        for (var scope : values()) {
            if (scope.wireName().equals(name)) {
                return scope;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is not one of read, write, admin");
    }
}
