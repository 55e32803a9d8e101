package io.remotegpu.db.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class LoginFailuresIT extends DatabaseTest {

    private static final String SUBJECT = "account:alice";

    @Autowired
    private LoginFailures failures;

    @Autowired
    private RevokedTokens revoked;

    @Test
    void theLockOutBeginsWithTheLastFreeFailureAndDoublesUpToTheLongest() {
        fail(4);
        assertThat(locked()).isZero();
        fail(1);
        assertThat(locked()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(2));
        fail(1);
        assertThat(locked()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
        fail(1);
        assertThat(locked()).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
        fail(40);
        assertThat(locked()).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(60));
        failures.forget(SUBJECT);
        assertThat(locked()).isZero();
    }

    @Test
    void failuresAreForgottenAfterAWhile() {
        fail(10);
        jdbc.sql("UPDATE login_failures SET updated_at = now() - interval '2 hours', locked_until = now()")
                .update();
        fail(1);
        assertThat(locked()).isZero();
        jdbc.sql("UPDATE login_failures SET updated_at = now() - interval '2 hours'")
                .update();
        failures.forgetOlderThan(Duration.ofHours(1));
        assertThat(count("login_failures")).isZero();
    }

    @Test
    void failuresAtOnceAreAllCounted() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 64; i++) {
                threads.execute(() -> fail(1));
            }
        }
        assertThat(count("login_failures WHERE failures = 64")).isEqualTo(1);
    }

    @Test
    void aTokenIsRevokedOnceAndForGood() {
        var jti = UUID.randomUUID();
        assertThat(revoked.contains(jti)).isFalse();
        revoked.revoke(jti, Instant.now().plusSeconds(60));
        revoked.revoke(jti, Instant.now().plusSeconds(60));
        assertThat(revoked.contains(jti)).isTrue();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            failures.count(SUBJECT, 5, Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofHours(1));
        }
    }

    private Duration locked() {
        return failures.lockedFor(List.of(SUBJECT, "address:127.0.0.1"));
    }
}
