package io.remotegpu.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** What is broken, in which order and after which pauses: the same for the same seed, without end. */
final class Schedule {

    /**
     * One thing that is done.
     *
     * @param pause before it
     * @param length how long what is paused stands still
     * @param choice which one of those that there are, from 0 to below 1
     * @param cut how a network fails
     */
    record Entry(Breakage breakage, Duration pause, Duration length, double choice, Cable.Cut cut) {}

    /** Beyond the time after which a step that stands still is given up, now and then. */
    private static final int LONGEST_PAUSE_MILLIS = 16_000;

    private final Random random;
    private final List<Breakage> breakages;

    Schedule(long seed, Set<Breakage.Circumstance> there) {
        // Apart from the users' numbers.
        this.random = new Random(~seed);
        this.breakages = Stream.of(Breakage.values())
                .filter(breakage -> breakage.isFor(there))
                .flatMap(breakage -> Stream.generate(() -> breakage).limit(breakage.weight()))
                .toList();
    }

    Entry next() {
        var breakage = breakages.get(random.nextInt(breakages.size()));
        boolean small = breakage.name().startsWith("CONTAINER");
        return new Entry(
                breakage,
                Duration.ofMillis((small ? 300 : 3000) + random.nextInt(small ? 1500 : 8000)),
                Duration.ofMillis(500 + random.nextInt(LONGEST_PAUSE_MILLIS)),
                random.nextDouble(),
                Cable.Cut.values()[random.nextInt(Cable.Cut.values().length)]);
    }
}
