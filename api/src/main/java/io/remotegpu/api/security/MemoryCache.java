package io.remotegpu.api.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Remembers in this process; other processes notice a change when their own entry is too old. */
final class MemoryCache implements AuthorizationCache {

    private static final int MOST_ENTRIES = 50_000;

    private final Duration lifetime;
    private final Clock clock;
    private final ConcurrentHashMap<Long, Entry<UserState>> users = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<UUID, Entry<Boolean>> tokens = new ConcurrentHashMap<>();

    MemoryCache(Duration lifetime, Clock clock) {
        this.lifetime = lifetime;
        this.clock = clock;
    }

    private record Entry<T>(T value, Instant until) {}

    @Override
    public Optional<UserState> user(long userId, Supplier<Optional<UserState>> load) {
        var known = users.get(userId);
        if (known != null && clock.instant().isBefore(known.until())) {
            return Optional.of(known.value());
        }
        var loaded = load.get();
        loaded.ifPresent(this::changed);
        return loaded;
    }

    @Override
    public boolean isRevoked(UUID jti, BooleanSupplier load) {
        var known = tokens.get(jti);
        if (known != null && clock.instant().isBefore(known.until())) {
            return known.value();
        }
        var loaded = new Entry<>(load.getAsBoolean(), clock.instant().plus(lifetime));
        sweep(tokens);
        // Revoked while we looked: that stays.
        return tokens.merge(jti, loaded, (there, mine) -> there.value() ? there : mine)
                .value();
    }

    @Override
    public void changed(UserState state) {
        sweep(users);
        users.merge(
                state.userId(),
                new Entry<>(state, clock.instant().plus(lifetime)),
                (there, mine) -> there.value().version() > mine.value().version() ? there : mine);
    }

    @Override
    public void revoked(UUID jti, Instant expiresAt) {
        tokens.put(jti, new Entry<>(true, clock.instant().plus(lifetime)));
    }

    private <K, T> void sweep(ConcurrentHashMap<K, Entry<T>> entries) {
        if (entries.size() >= MOST_ENTRIES) {
            var now = clock.instant();
            entries.values().removeIf(entry -> now.isAfter(entry.until()));
            if (entries.size() >= MOST_ENTRIES) {
                entries.clear();
            }
        }
    }
}
