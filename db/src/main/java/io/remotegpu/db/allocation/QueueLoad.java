package io.remotegpu.db.allocation;

import java.time.Duration;

/**
 * How much the queue has to do.
 *
 * @param waiting how many environments wait and have no place yet
 * @param oldest for how long the one that waits longest does; zero when nobody waits
 */
public record QueueLoad(int waiting, Duration oldest) {}
