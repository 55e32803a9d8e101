package io.remotegpu.bench;

import java.util.Arrays;
import java.util.List;

/** Durations of one thing, measured several times. */
record Samples(String name, List<Long> nanos) {

    int count() {
        return nanos.size();
    }

    /** Milliseconds, interpolated between the two nearest samples. */
    double p50() {
        return quantile(0.5);
    }

    /** Milliseconds, interpolated between the two nearest samples. */
    double p95() {
        return quantile(0.95);
    }

    private double quantile(double share) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return (sorted[below] + (place - below) * (sorted[above] - sorted[below])) / 1e6;
    }
}
