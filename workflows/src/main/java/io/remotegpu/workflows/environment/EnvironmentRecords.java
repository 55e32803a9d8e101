package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import java.util.UUID;

/**
 * The environment's own rows: what it is, which operation runs, how it ended. Local activities, one transaction each.
 *
 * <p>{@code operationId} is the workflow run that carries the operation out; every method is idempotent by it.
 */
@ActivityInterface(namePrefix = "Records_")
public interface EnvironmentRecords {

    /** Removes an environment whose create was not admitted, with all that it holds; absent is success. */
    void withdraw(String operationId, UUID id);

    /** Opens start, stop or delete and moves the status; refuses {@code INVALID_STATE}, {@code NOT_FOUND}. */
    EnvironmentFacts begin(String operationId, OperationKind kind, OperationRequest request);

    /** Undoes {@link #begin} of a start that was refused; not begun is success. */
    void abandonStart(String operationId, UUID id);

    /**
     * Ends a start that waited and gave up, or was given up: the environment is as it was before. Everything was given back before this.
     *
     * @param reason why, for the user; its code is {@link FailureReason#CANCELLED} when that was the user's wish
     * @return the status as it was before
     */
    EnvironmentStatus abandonWait(String operationId, UUID id, FailureReason reason);

    /**
     * Says that a start is given up, and why; it stays open until {@link #abandonWait}.
     *
     * @param unreturned what is still to be given back, in words
     */
    void giveUp(String operationId, UUID id, FailureReason reason, List<String> unreturned);

    /**
     * Writes an operator's word down, before it is done. Refuses {@code NOT_SKIPPABLE} for a step whose host was not
     * declared lost.
     */
    void intervene(String operationId, UUID id, Intervention intervention);

    /** Says that a long step begins. */
    void enter(String operationId, UUID id, String step);

    /** Ends the operation in the status it was for. */
    void succeed(String operationId, UUID id, EnvironmentStatus status);

    /**
     * Says at once that the operation failed and why; it stays open until {@link #settle}.
     *
     * @param unreturned what is still to be given back, in words
     */
    void fail(String operationId, UUID id, FailureReason reason, List<String> unreturned);

    /** Ends a failed operation: everything is given back. */
    void settle(String operationId, UUID id);
}
