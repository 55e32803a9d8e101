package io.remotegpu.workflows.broken;

import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import java.util.function.Supplier;

public class ReadsClock {
    Instant now() {
        return Instant.now();
    }

    long nanos() {
        return System.nanoTime();
    }

    Supplier<UUID> ids() {
        return UUID::randomUUID;
    }

    double chance() {
        return Math.random();
    }

    Date today() {
        return new Date();
    }
}
