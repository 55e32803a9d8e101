package io.remotegpu.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

    private final AtomicLong now = new AtomicLong();
    private final RateLimits limits = limits(1000);

    @Test
    void whoHasUsedTheirShareUpWaitsForTheNextRequestOnly() {
        for (int i = 9; i >= 0; i--) {
            var standing = limits.ofUser("user:1");
            assertThat(standing.exceeded()).isFalse();
            assertThat(standing.remaining()).isEqualTo(i);
        }
        var refused = limits.ofUser("user:1");
        assertThat(refused.exceeded()).isTrue();
        assertThat(refused.pause()).isEqualTo(Duration.ofSeconds(1));
        assertThat(refused.full()).isEqualTo(Duration.ofSeconds(10));

        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(limits.ofUser("user:1").exceeded()).isFalse();
        assertThat(limits.ofUser("user:1").exceeded()).isTrue();
    }

    @Test
    void usersAndAddressesAndLoginsAreCountedApart() {
        IntStream.range(0, 11).forEach(_ -> limits.ofUser("user:1"));
        assertThat(limits.ofUser("user:1").exceeded()).isTrue();
        assertThat(limits.ofUser("user:2").exceeded()).isFalse();
        IntStream.range(0, 3).forEach(_ -> limits.ofLogins("10.0.0.1"));
        assertThat(limits.ofLogins("10.0.0.1").exceeded()).isTrue();
        assertThat(limits.ofAddress("10.0.0.1").exceeded()).isFalse();
    }

    @Test
    void anIpv6NetworkIsOneAddress() {
        IntStream.range(0, 5).forEach(i -> limits.ofAddress("2001:db8::" + i));
        assertThat(limits.isSpent("2001:db8::ffff")).isTrue();
        assertThat(limits.ofAddress("2001:db8::abcd").exceeded()).isTrue();
        assertThat(limits.ofAddress("2001:db8:0:1::1").exceeded()).isFalse();
    }

    @Test
    void anAddressThatWasNeverHeardOfIsNotSpent() {
        assertThat(limits.isSpent("10.0.0.1")).isFalse();
    }

    @Test
    void ofManyRequestsAtOnceExactlyTheQuotaIsLetThrough() {
        var through = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 200)
                    .forEach(_ -> threads.submit(() -> {
                        if (!limits.ofUser("user:1").exceeded()) {
                            through.incrementAndGet();
                        }
                    }));
        }
        assertThat(through).hasValue(10);
    }

    private RateLimits limits(int remembered) {
        return new RateLimits(
                new RateLimitProperties(
                        true,
                        new RateLimitProperties.User(10, Duration.ofSeconds(10)),
                        new RateLimitProperties.Address(5, Duration.ofSeconds(10)),
                        new RateLimitProperties.Login(3, Duration.ofSeconds(10)),
                        remembered),
                new TimeMeter() {
                    @Override
                    public long currentTimeNanos() {
                        return now.get();
                    }

                    @Override
                    public boolean isWallClockBased() {
                        return false;
                    }
                });
    }
}
