package io.remotegpu.chaos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

/** Deals each kind once before any comes twice; from then on each as often as it weighs before all begin again. */
final class Deck<T> {

    private final List<T> kinds;
    private final ToIntFunction<T> weight;
    private final Random random;
    private final Deque<T> cards = new ArrayDeque<>();
    private boolean dealtOnce;

    /** @param weight at least 1 */
    Deck(List<T> kinds, ToIntFunction<T> weight, Random random) {
        this.kinds = List.copyOf(kinds);
        this.weight = weight;
        this.random = random;
    }

    boolean isEmpty() {
        return kinds.isEmpty();
    }

    /** Of all kinds. */
    int weight() {
        return kinds.stream().mapToInt(weight).sum();
    }

    T next() {
        if (cards.isEmpty()) {
            var all = new ArrayList<T>();
            for (T kind : kinds) {
                all.addAll(Collections.nCopies(dealtOnce ? weight.applyAsInt(kind) : 1, kind));
            }
            Collections.shuffle(all, random);
            cards.addAll(all);
            dealtOnce = true;
        }
        return cards.pop();
    }
}
