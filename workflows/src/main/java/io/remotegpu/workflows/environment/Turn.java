package io.remotegpu.workflows.environment;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of one who asked for a place: it holds one, or it waits.
 *
 * @param placement what it holds; then it is out of the queue
 * @param queue where it stands in the queue
 * @param left how long it still wants to wait; not positive when the time is over
 */
public record Turn(
        @Nullable Placement placement,
        @Nullable QueueProgress queue,
        @Nullable Duration left) {}
