package io.remotegpu.api.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

class PromptHealthTest {

    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void anAnswerIsGoodForAWhile() {
        var health = new PromptHealth(() -> {
            looks.incrementAndGet();
            return Health.up().build();
        });
        for (int i = 0; i < 100; i++) {
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        }
        assertThat(looks).hasValueLessThan(100);
    }

    /** As a pool of connections does whose database is away. */
    @Test
    void whatDoesNotAnswerIsDownAndNotAskedAgainMeanwhile() throws InterruptedException {
        var free = new CountDownLatch(1);
        var health = new PromptHealth(new HealthIndicator() {
            @Override
            public Health health() {
                looks.incrementAndGet();
                try {
                    free.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return Health.up().build();
            }
        });
        for (int i = 0; i < 10; i++) {
            var said = health.health();
            assertThat(said.getStatus()).isEqualTo(Status.DOWN);
            assertThat(said.getDetails()).containsEntry("error", "no answer within 2 s");
        }
        assertThat(looks).hasValue(1);

        free.countDown();
        while (health.health().getStatus().equals(Status.DOWN)) {
            Thread.sleep(10);
        }
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void whatFailsIsDown() {
        var health = new PromptHealth(() -> {
            throw new IllegalStateException("no such thing");
        });
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.health().getDetails().get("error").toString()).contains("no such thing");
    }
}
