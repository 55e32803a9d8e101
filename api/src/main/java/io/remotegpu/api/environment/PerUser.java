package io.remotegpu.api.environment;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** So many of something at a time for each user, so that none takes all there is. */
final class PerUser {

    private final int most;
    private final ConcurrentMap<Long, Integer> taken = new ConcurrentHashMap<>();

    PerUser(int most) {
        this.most = most;
    }

    /** Takes one, unless the user has the most there may be; each one taken is given back once. */
    boolean tryTake(long userId) {
        var granted = new AtomicBoolean();
        taken.compute(userId, (id, now) -> {
            var before = now == null ? 0 : now;
            granted.set(before < most);
            return before < most ? Integer.valueOf(before + 1) : now;
        });
        return granted.get();
    }

    void giveBack(long userId) {
        taken.computeIfPresent(userId, (id, now) -> now == 1 ? null : Integer.valueOf(now - 1));
    }
}
