package io.remotegpu.db.timetable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is stopped, started and deleted when its time has come. Nothing is, unless a limit is set here or its user asked for it.
 *
 * @param every how often is looked; at least a second
 * @param maxLifetime how long any run may last; null when for ever
 * @param warning how long before its stop a run's users are warned, and at most a tenth of its time
 * @param startWithin how late a missed start is still done, and for how long one that finds no room waits
 * @param deleteAfter for how long an environment has to have been stopped to be deleted; null: never
 * @param deleteNotice how long before its delete its user is warned, and at most {@code deleteAfter}
 */
@ConfigurationProperties("remotegpu.timetable")
public record TimetableSettings(
        @DefaultValue("1m") Duration every,
        @Nullable Duration maxLifetime,
        @DefaultValue("15m") Duration warning,
        @DefaultValue("1h") Duration startWithin,
        @Nullable Duration deleteAfter,
        @DefaultValue("3d") Duration deleteNotice) {

    private static final int PART = 10;

    public TimetableSettings {
        require(every.toSeconds() >= 1, "every", every, "give at least 1s");
        require(!warning.isNegative(), "warning", warning, "give 0s or more");
        require(
                startWithin.compareTo(every) >= 0,
                "start-within",
                startWithin,
                "give at least remotegpu.timetable.every");
        require(!deleteNotice.isNegative(), "delete-notice", deleteNotice, "give 0s or more");
        if (maxLifetime != null) {
            require(maxLifetime.toSeconds() >= 1, "max-lifetime", maxLifetime, "give at least 1s, or leave it out");
        }
        if (deleteAfter != null) {
            require(deleteAfter.toSeconds() >= 1, "delete-after", deleteAfter, "give at least 1s, or leave it out");
        }
    }

    /** How long a run may last; empty when for ever. */
    public Optional<Duration> lifetime(@Nullable Duration asked) {
        return maxLifetime == null || asked != null && asked.compareTo(maxLifetime) < 0
                ? Optional.ofNullable(asked)
                : Optional.of(maxLifetime);
    }

    /** Until when a run may be extended by its user; empty when nobody limits it. */
    public Optional<Instant> latestEnd(Instant startedAt) {
        return Optional.ofNullable(maxLifetime).map(startedAt::plus);
    }

    Duration lead(Duration lifetime) {
        return shortest(warning, lifetime.dividedBy(PART));
    }

    Duration notice(Duration stoppedFor) {
        return shortest(deleteNotice, stoppedFor);
    }

    private static Duration shortest(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static void require(boolean good, String name, Object value, String remedy) {
        if (!good) {
            throw new IllegalArgumentException("remotegpu.timetable." + name + " is " + value + ": " + remedy);
        }
    }
}
