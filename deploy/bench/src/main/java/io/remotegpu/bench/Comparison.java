package io.remotegpu.bench;

/**
 * Ours beside what it is built on, measured in turn.
 *
 * @param target how many times the base ours may take
 */
record Comparison(Samples ours, Samples base, double target) {

    double ratio() {
        return ours.p50() / base.p50();
    }
}
