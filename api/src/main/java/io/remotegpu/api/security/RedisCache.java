package io.remotegpu.api.security;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Remembers in Redis, so that every API process sees a change at once.
 *
 * <p>While Redis does not answer, the database is asked: slower, never wrong. That is logged once, and Redis is left
 * alone for a moment so that requests do not wait for it; changes are always offered to it.
 */
final class RedisCache implements AuthorizationCache, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisCache.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final String REVOKED = "1";
    private static final String VALID = "0";

    /** Keeps the newer of what is there and what is offered. */
    private static final RedisScript<Long> KEEP_NEWER = RedisScript.of("""
            local there = redis.call('GET', KEYS[1])
            if there and tonumber(string.match(there, '^(%d+)')) > tonumber(ARGV[1]) then return 0 end
            redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[3])
            return 1""", Long.class);

    private final LettuceConnectionFactory connections;
    private final StringRedisTemplate redis;
    private final JsonMapper json = new JsonMapper();
    private final Duration lifetime;
    private final AtomicBoolean down = new AtomicBoolean();
    private final AtomicLong retryAtNanos = new AtomicLong(System.nanoTime());

    RedisCache(LettuceConnectionFactory connections, Duration lifetime) {
        this.connections = connections;
        this.redis = new StringRedisTemplate(connections);
        this.lifetime = lifetime;
    }

    @Override
    public void close() {
        connections.destroy();
    }

    @Override
    public Optional<UserState> user(long userId, Supplier<Optional<UserState>> load) {
        var known = ask(() -> redis.opsForValue().get(userKey(userId)));
        if (known != null) {
            var state = parse(known);
            if (state.isPresent()) {
                return state;
            }
        }
        var loaded = load.get();
        if (!resting()) {
            loaded.ifPresent(this::changed);
        }
        return loaded;
    }

    @Override
    public boolean isRevoked(UUID jti, BooleanSupplier load) {
        var known = ask(() -> redis.opsForValue().get(tokenKey(jti)));
        if (known != null) {
            return known.equals(REVOKED);
        }
        var revoked = load.getAsBoolean();
        // Only where nothing is there yet: a revocation that came while we looked stays.
        ask(() -> redis.opsForValue().setIfAbsent(tokenKey(jti), revoked ? REVOKED : VALID, lifetime));
        return revoked;
    }

    @Override
    public void changed(UserState state) {
        tell(() -> redis.execute(
                KEEP_NEWER,
                List.of(userKey(state.userId())),
                Long.toString(state.version()),
                json.writeValueAsString(state),
                Long.toString(lifetime.toMillis())));
    }

    @Override
    public void revoked(UUID jti, Instant expiresAt) {
        // Longer than what another process may just be writing; the database remembers it for good.
        tell(() -> redis.opsForValue().set(tokenKey(jti), REVOKED, lifetime.multipliedBy(2)));
    }

    private Optional<UserState> parse(String entry) {
        try {
            return Optional.of(json.readValue(entry.substring(entry.indexOf(' ') + 1), UserState.class));
        } catch (JacksonException e) {
            // Written by another version: the database knows.
            return Optional.empty();
        }
    }

    private <T> @Nullable T ask(Supplier<@Nullable T> question) {
        if (resting()) {
            return null;
        }
        try {
            var answer = question.get();
            recovered();
            return answer;
        } catch (DataAccessException e) {
            failed(e);
            return null;
        }
    }

    private void tell(Runnable change) {
        try {
            change.run();
            recovered();
        } catch (DataAccessException e) {
            failed(e);
        }
    }

    private boolean resting() {
        return down.get() && System.nanoTime() - retryAtNanos.get() < 0;
    }

    private void failed(DataAccessException e) {
        retryAtNanos.set(System.nanoTime() + PAUSE.toNanos());
        if (down.compareAndSet(false, true)) {
            LOG.warn(
                    "Redis does not answer ({}): every request asks the database until it does",
                    e.getMostSpecificCause().toString());
        }
    }

    private void recovered() {
        if (down.compareAndSet(true, false)) {
            LOG.info("Redis answers again");
        }
    }

    private static String userKey(long userId) {
        return "remotegpu:user:" + userId;
    }

    private static String tokenKey(UUID jti) {
        return "remotegpu:token:" + jti;
    }
}
