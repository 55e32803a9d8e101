package io.remotegpu.api.environment;

import io.remotegpu.db.channel.Channel;
import io.remotegpu.db.channel.Channels;
import io.remotegpu.db.channel.Listener;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Wakes those who wait for news of an environment, or of a log that they follow: one connection of this process hears them all, whichever process wrote
 * them. After a connection was lost everybody is woken, because something may have been said unheard.
 */
@Component
class EnvironmentNews implements SmartLifecycle {

    /** Silence is no news: nobody is woken for it. */
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final Listener listener;

    /** A set is changed only while its key's entry is. */
    private final Map<UUID, Set<Interest>> waiting = new ConcurrentHashMap<>();

    EnvironmentNews(Channels channels) {
        this.listener = new Listener("environment-news", channels, Channel.EVENTS, FOR_EVER, this::heard);
    }

    /** Somebody's wish to know; to be closed. */
    final class Interest implements AutoCloseable {

        private final Set<UUID> ids;
        private final Semaphore news = new Semaphore(0);

        private Interest(Set<UUID> ids) {
            this.ids = ids;
        }

        /** Whether there may be news since the last call, or are within that time. */
        boolean await(Duration atMost) throws InterruptedException {
            var heard = news.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
            news.drainPermits();
            return heard;
        }

        @Override
        public void close() {
            for (var id : ids) {
                waiting.computeIfPresent(id, (key, others) -> {
                    others.remove(this);
                    return others.isEmpty() ? null : others;
                });
            }
        }
    }

    /** @param ids of environments, or of logs that are followed */
    Interest of(UUID... ids) {
        var interest = new Interest(Set.of(ids));
        for (var id : ids) {
            waiting.compute(id, (key, others) -> {
                var all = others == null ? new HashSet<Interest>() : others;
                all.add(interest);
                return all;
            });
        }
        return interest;
    }

    private void heard(Set<String> said) {
        for (var id : waiting.keySet()) {
            if (said.isEmpty() || said.contains(id.toString())) {
                waiting.computeIfPresent(id, (key, interests) -> {
                    interests.forEach(interest -> interest.news.release());
                    return interests;
                });
            }
        }
    }

    @Override
    public void start() {
        listener.start();
    }

    @Override
    public void stop() {
        listener.stop();
    }

    @Override
    public boolean isRunning() {
        return listener.isRunning();
    }
}
