package io.remotegpu.db.host;

import org.jspecify.annotations.Nullable;

/** What to change of a host; what is absent stays. Ports that are leased outside a new range stay leased. */
public record HostUpdate(
        @Nullable String name,
        @Nullable String ipAddress,
        @Nullable String bindAddress,
        @Nullable Integer portMin,
        @Nullable Integer portMax,
        @Nullable String tokenHash) {

    @Override
    public String toString() {
        return "HostUpdate[" + name + ", " + ipAddress + "]";
    }
}
