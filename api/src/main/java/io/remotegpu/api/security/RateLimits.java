package io.remotegpu.api.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts requests in buckets: of each user, of each address, and of each address's logins. Its memory is bounded. */
final class RateLimits {

    private static final String ADDRESS = "address:";
    private static final String LOGIN = "login:";

    private final RateLimitProperties settings;
    private final TimeMeter time;
    private final Cache<String, Bucket> buckets;

    RateLimits(RateLimitProperties settings, TimeMeter time) {
        this.settings = settings;
        this.time = time;
        this.buckets = Caffeine.newBuilder().maximumSize(settings.remembered()).build();
    }

    /**
     * Where a caller stands after a request.
     *
     * @param policy the limit's name, for example {@code "user"}
     * @param quota requests in a window
     * @param remaining requests that may follow at once
     * @param full until when all of the quota is there again
     * @param pause until when another request may be made; zero when this one may
     */
    record Standing(String policy, long quota, Duration window, long remaining, Duration full, Duration pause) {

        boolean exceeded() {
            return pause.isPositive();
        }
    }

    /** @param who one name for one user or host, whatever token they present */
    Standing ofUser(String who) {
        return consume("user", who, settings.user());
    }

    Standing ofAddress(String address) {
        return consume("address", ADDRESS + Lockout.network(address), settings.address());
    }

    Standing ofLogins(String address) {
        return consume("login", LOGIN + Lockout.network(address), settings.login());
    }

    /** Whether a request of that address without a good token would be refused: then its token need not be looked up. */
    boolean isSpent(String address) {
        var bucket = settings.enabled() ? buckets.getIfPresent(ADDRESS + Lockout.network(address)) : null;
        return bucket != null && bucket.getAvailableTokens() <= 0;
    }

    boolean enabled() {
        return settings.enabled();
    }

    private Standing consume(String policy, String key, RateLimitProperties.Rate rate) {
        var bucket = buckets.get(key, _ -> newBucket(rate));
        var probe = bucket.tryConsumeAndReturnRemaining(1);
        return new Standing(
                policy,
                rate.requests(),
                rate.per(),
                probe.getRemainingTokens(),
                Duration.ofNanos(probe.getNanosToWaitForReset()),
                probe.isConsumed() ? Duration.ZERO : atLeast(probe.getNanosToWaitForRefill()));
    }

    private static Duration atLeast(long nanos) {
        return Duration.ofNanos(Math.max(nanos, TimeUnit.MILLISECONDS.toNanos(1)));
    }

    private Bucket newBucket(RateLimitProperties.Rate rate) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(rate.requests()).refillGreedy(rate.requests(), rate.per()))
                .withCustomTimePrecision(time)
                .build();
    }
}
