package io.remotegpu.api.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.api.web.ProblemException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.password.PasswordEncoder;

class BoundedPasswordEncoderTest {

    @Test
    void whoGetsNoTurnIsToldToTryLater() throws Exception {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var encoder = new BoundedPasswordEncoder(new Slow(begun, end), 1, Duration.ofMillis(20));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> encoder.encode("a"));
            begun.await();
            assertThatThrownBy(() -> encoder.matches("a", "b"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            busy -> assertThat(busy.status().value()).isEqualTo(503));
            end.countDown();
            assertThat(first.get()).isEqualTo("hash");
            assertThat(encoder.matches("a", "b")).isTrue();
        }
    }

    private record Slow(CountDownLatch begun, CountDownLatch end) implements PasswordEncoder {

        @Override
        public String encode(@Nullable CharSequence password) {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "hash";
        }

        @Override
        public boolean matches(@Nullable CharSequence password, @Nullable String hash) {
            return true;
        }
    }
}
