package io.remotegpu.api.health;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Asks another indicator, and answers soon whatever that does: who looks whether a server is well gives up sooner than a pool of
 * connections. Anybody may ask for the health, as often as they like, so an answer is good for a while, and at most one look is
 * under way.
 */
final class PromptHealth implements HealthIndicator {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration FRESH = Duration.ofSeconds(2);

    private record Look(CompletableFuture<Health> answer, long began) {

        private boolean isOver() {
            return answer.isDone() && age() >= FRESH.toNanos();
        }

        private long age() {
            return System.nanoTime() - began;
        }
    }

    private final HealthIndicator asked;
    private @Nullable Look last;

    PromptHealth(HealthIndicator asked) {
        this.asked = asked;
    }

    @Override
    public Health health() {
        var look = look();
        try {
            return look.answer.get(Math.max(0, PATIENCE.toNanos() - look.age()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Health.down()
                    .withDetail("error", "no answer within " + PATIENCE.toSeconds() + " s")
                    .build();
        } catch (ExecutionException e) {
            return Health.down(Objects.requireNonNullElse(e.getCause(), e)).build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Health.unknown().build();
        }
    }

    private synchronized Look look() {
        var look = last;
        if (look == null || look.isOver()) {
            look = new Look(new CompletableFuture<>(), System.nanoTime());
            last = look;
            var answer = look.answer;
            Thread.ofVirtual().name("health").start(() -> answer.completeAsync(asked::health, Runnable::run));
        }
        return look;
    }
}
