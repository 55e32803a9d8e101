package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How an operation gets its host and GPUs: at once, or by waiting for its turn. Waiting is the rows' and this workflow's:
 * both outlive every process.
 *
 * <p>It is woken when its turn has come. Should nobody wake it, it looks by itself from time to time, ever more seldom;
 * and looking is what moves the queue, so that no wake-up is needed for anything but haste.
 */
final class QueueForRoom {

    private static final Duration FIRST_LOOK = Duration.ofSeconds(30);
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(10);

    private final UndoableOperation operation;
    private final UUID id;
    private final EnvironmentStatus after;
    private boolean woken;

    /** @param after the status when it no longer waits: creating or starting */
    QueueForRoom(UndoableOperation operation, EnvironmentStatus after) {
        this.operation = operation;
        this.id = operation.environmentId();
        this.after = after;
    }

    /** Its turn may have come. */
    void wake() {
        woken = true;
    }

    /**
     * A host and GPUs, whose undo is registered.
     *
     * @param atMost how long to wait when there is no room; null to be refused then
     */
    Placement claim(String summary, @Nullable Duration atMost) {
        try {
            return Steps.allocations(summary).allocate(id, Set.of());
        } catch (ActivityFailure full) {
            if (atMost == null || !noCapacity(full)) {
                throw full;
            }
            return queue(atMost);
        }
    }

    /** A place as soon as it is its turn; its undo, and that of a host and GPUs, are registered. */
    Placement queue(Duration atMost) {
        var place = operation
                .rollback()
                .onFailure(
                        "its place in the queue",
                        () -> Steps.allocations("leave the queue").leaveQueue(operation.id(), id));
        var turn = Steps.allocations("queue for room").queue(operation.id(), id, atMost);
        if (turn.placement() == null) {
            operation.beginWaiting();
            turn = await(turn);
            operation.endWaiting(after);
        }
        operation.rollback().forget(place);
        return Objects.requireNonNull(turn.placement());
    }

    private Turn await(Turn first) {
        var turn = first;
        for (var pause = FIRST_LOOK; turn.placement() == null; pause = longer(pause)) {
            var left = Objects.requireNonNull(turn.left());
            var queue = Objects.requireNonNull(turn.queue());
            if (!left.isPositive()) {
                throw ApplicationFailure.newNonRetryableFailure(
                        "it did not get room in the time that it wanted to wait: " + queue.reason(),
                        FailureReason.WAIT_TIMEOUT);
            }
            operation.waits(queue);
            Workflow.await(left.compareTo(pause) < 0 ? left : pause, () -> woken);
            woken = false;
            turn = Steps.allocations("is it its turn?").turn(operation.id(), id);
        }
        if (operation.cancelled()) {
            // The cancellation was accepted while it looked: whoever asked for it was told that it will be.
            throw new CanceledFailure("cancelled while it waited");
        }
        return turn;
    }

    private static Duration longer(Duration pause) {
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_LOOK) < 0 ? doubled : LONGEST_LOOK;
    }

    private static boolean noCapacity(ActivityFailure failure) {
        return failure.getCause() instanceof ApplicationFailure refused
                && refused.getType().equals(Refusal.NO_CAPACITY.name());
    }
}
