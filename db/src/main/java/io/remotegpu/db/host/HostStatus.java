package io.remotegpu.db.host;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What is expected of a host. */
public enum HostStatus {
    /** Registered, not yet heard from. */
    PENDING,
    ACTIVE,
    /** Silent or troubled: takes nothing new until it is heard from again. */
    QUARANTINED,
    /** Takes nothing new because an administrator said so. */
    DRAINING,
    /** An administrator declared it gone for good: what is on it fails, and it is swept before it is given anything again. */
    LOST;

    /** The statuses that an administrator may give a host in this one; the same again is always allowed. */
    public Set<HostStatus> successors() {
        return switch (this) {
            case PENDING -> Set.of(ACTIVE, DRAINING, LOST);
            case ACTIVE -> Set.of(DRAINING, QUARANTINED, LOST);
            case QUARANTINED -> Set.of(ACTIVE, DRAINING, LOST);
            case DRAINING -> Set.of(ACTIVE, LOST);
            case LOST -> Set.of(ACTIVE, DRAINING);
        };
    }

    /** The name in answers and rows. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value of that wire name; {@link IllegalArgumentException} when there is none. */
    public static HostStatus fromWireName(String name) {
        for (var value : values()) {
            if (value.wireName().equals(name)) {
                return value;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is not one of "
                + String.join(
                        ", ", Stream.of(values()).map(HostStatus::wireName).toList()));
    }
}
