package io.remotegpu.api.security;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code remotegpu.cache}.
 *
 * @param lifetime how long a user's state and a token's are remembered: the longest time for which another API process
 *     without a shared cache may still accept what was withdrawn
 * @param redisUrl {@code redis://[user:password@]host:port[/database]} (or {@code rediss:}) of a cache that all API
 *     processes share; none by default, and then each remembers in its own memory
 * @param redisTimeout how long Redis may take before the database is asked instead
 */
@Validated
@ConfigurationProperties("remotegpu.cache")
record CacheProperties(
        @NotNull @DurationMax(seconds = 5) @DefaultValue("5s")
        Duration lifetime,

        @Nullable URI redisUrl,
        @NotNull @DefaultValue("250ms") Duration redisTimeout) {

    @Override
    public String toString() {
        return "CacheProperties[" + (redisUrl == null ? "in memory" : "redis") + "]";
    }
}
