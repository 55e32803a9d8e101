package io.remotegpu.chaos;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is broken, in which order and after which pauses: the same for the same seed, without end. Of what is done to
 * processes, networks and disks each kind comes once before any comes twice; of what is done to single environments, too. A
 * network is cut in every way before it is cut in one twice.
 */
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
    private final Deck<Breakage> slow;
    private final Deck<Breakage> quick;
    private final Map<Breakage, Deck<Cable.Cut>> cuts = new EnumMap<>(Breakage.class);

    Schedule(long seed, Set<Breakage.Circumstance> there) {
        // Apart from the users' numbers.
        this.random = new Random(~seed);
        this.slow = deck(there, false);
        this.quick = deck(there, true);
    }

    private Deck<Breakage> deck(Set<Breakage.Circumstance> there, boolean quick) {
        var kinds = Stream.of(Breakage.values())
                .filter(breakage -> breakage.isFor(there) && breakage.isQuick() == quick)
                .toList();
        return new Deck<>(kinds, Breakage::weight, random);
    }

    Entry next() {
        boolean light = random.nextInt(slow.weight() + quick.weight()) < quick.weight();
        var breakage = (light ? quick : slow).next();
        return new Entry(
                breakage,
                Duration.ofMillis((light ? 300 : 3000) + random.nextInt(light ? 1500 : 8000)),
                Duration.ofMillis(500 + random.nextInt(LONGEST_PAUSE_MILLIS)),
                random.nextDouble(),
                cuts.computeIfAbsent(breakage, _ -> new Deck<>(List.of(Cable.Cut.values()), _ -> 1, random))
                        .next());
    }
}
