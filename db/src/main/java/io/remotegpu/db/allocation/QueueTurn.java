package io.remotegpu.db.allocation;

import org.jspecify.annotations.Nullable;

/**
 * What became of one who asked for a place: either it holds it, or it waits.
 *
 * @param allocation what it holds; then it is out of the queue
 * @param place where it stands in the queue
 */
public record QueueTurn(
        @Nullable Allocation allocation, @Nullable QueuePlace place) {}
