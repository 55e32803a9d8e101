package io.remotegpu.db.environment;

import io.remotegpu.db.audit.AutomaticChanges;
import io.remotegpu.db.timetable.TimetableRows;
import io.remotegpu.db.timetable.TimetableWatch;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.drivers.spi.Timetable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * What happens to an environment's own rows, from create to delete.
 *
 * <p>Each method is one transaction and idempotent: called again, also after a call whose answer was lost, it changes
 * nothing more. {@code operationId} is the workflow run that carries the operation out; a call for an operation that is
 * no longer open, from a caller that was given up, changes nothing either.
 */
@Component
public class EnvironmentLifecycle {

    private final EnvironmentRepository environments;
    private final OperationRepository operations;
    private final EnvironmentSecrets secrets;
    private final EnvironmentRows rows;
    private final AutomaticChanges changes;
    private final TimetableRows timetables;

    EnvironmentLifecycle(
            EnvironmentRepository environments,
            OperationRepository operations,
            EnvironmentSecrets secrets,
            EnvironmentRows rows,
            AutomaticChanges changes,
            TimetableRows timetables) {
        this.environments = environments;
        this.operations = operations;
        this.secrets = secrets;
        this.rows = rows;
        this.changes = changes;
        this.timetables = timetables;
    }

    /**
     * Writes a new environment down as creating, with its open operation and the secrets that its services need.
     *
     * @return the environment as it is then, locked
     * @throws NameTakenException when the user has another one of that name
     * @throws EnvironmentExistsException when another operation made the environment of that id
     * @throws InvalidStateException when this operation made it, and is over
     */
    @Transactional
    public Environment create(NewEnvironment environment) {
        var id = environment.id();
        var made = rows.insert(environment);
        if (made.isPresent()) {
            secrets.generate(id, environment.spec().type());
            if (!environment.timetable().equals(Timetable.NONE)) {
                timetables.write(id, environment.timetable());
            }
            return made.get();
        }
        var existing = environments
                .lock(id)
                .orElseThrow(() -> new NameTakenException(environment.spec().name()));
        var operation = operation(id, environment.operationId())
                .orElseThrow(() -> new EnvironmentExistsException(id, existing.requestFingerprint()));
        if (!operation.open()) {
            throw new InvalidStateException(
                    existing.status(), null, "the operation that created it is over: ask again");
        }
        return existing;
    }

    /**
     * An operation has all that it needs, and begins with that step; part of the transaction that gave it that. The caller has
     * locked the environment.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void begun(UUID id, String operationId, String step) {
        rows.firstStep(id, operationId, step);
    }

    /**
     * Undoes the {@link #create} of an operation that was refused: deletes the environment and all that hangs on it.
     * Absent is success. Does nothing to an environment of another operation, or one that was deployed.
     */
    @Transactional
    public void withdraw(UUID id, String operationId) {
        var environment = environments.lock(id);
        if (environment.isEmpty() || environment.get().hasData()) {
            return;
        }
        openOperation(id, operationId)
                .filter(operation -> operation.kind() == OperationKind.CREATE)
                .ifPresent(operation -> rows.delete(id));
    }

    /**
     * Opens a start, stop or delete and moves the environment to starting, stopping or deleting.
     *
     * @return the environment as it is then
     * @throws InvalidStateException when it is not in a status from which that can start, or another operation runs
     * @throws EnvironmentNotFoundException when there is none, or it is deleted
     */
    @Transactional
    public Environment begin(UUID id, String operationId, OperationKind kind, String requestedBy) {
        return begin(id, operationId, kind, requestedBy, null, null, null);
    }

    /**
     * The same for one that nobody asked for. It gives way to what was asked for meanwhile: an extension, a protection, another
     * schedule, a start of what was to be deleted.
     *
     * @param reason why it is begun, for the environment's users; null when somebody asked for it
     * @param gpu of a start, with how many GPUs, where those are fewer than usual
     * @param moment of its schedule, which is dealt with by this, once; of a delete, since when it was stopped; null for what has
     *     no such moment
     */
    @Transactional
    public Environment begin(
            UUID id,
            String operationId,
            OperationKind kind,
            String requestedBy,
            @Nullable String reason,
            @Nullable Integer gpu,
            @Nullable Instant moment) {
        var environment = environments.lock(id).orElseThrow(() -> new EnvironmentNotFoundException(id));
        if (operation(id, operationId).isPresent()) {
            return environment;
        }
        if (environment.status() == EnvironmentStatus.DELETED) {
            throw new EnvironmentNotFoundException(id);
        }
        var next = Admissibility.next(environment, kind, operations.open(id));
        if (reason != null) {
            refuseWhenOvertaken(environment, kind, moment);
        }
        var moved = environment.moveTo(next);
        rows.open(operationId, id, kind, requestedBy, reason, environment.status());
        rows.moved(moved);
        if (reason != null) {
            changes.ofEnvironment(requestedBy, kind.wireName() + " begun", id, reason);
        }
        return kind == OperationKind.START ? withGpus(moved, gpu) : moved;
    }

    /** Undoes the {@link #begin} of a start that was refused; the environment is as it was before. */
    @Transactional
    public void abandonStart(UUID id, String operationId) {
        var environment = environments.lock(id);
        if (environment.isEmpty()) {
            return;
        }
        var operation = openOperation(id, operationId);
        if (operation.isEmpty() || operation.get().kind() != OperationKind.START) {
            return;
        }
        var before = operation.get().statusBefore();
        if (before == null || environment.get().status() != EnvironmentStatus.STARTING) {
            return;
        }
        rows.restored(environment.get().moveTo(before));
        rows.forget(operationId);
        if (operation.get().requestedBy().equals(AutomaticChanges.TIMETABLE)) {
            rows.event(
                    id,
                    null,
                    TimetableWatch.STEP,
                    EventOutcome.SKIPPED,
                    "the start of its schedule was refused: start it to see what its quota or the hosts lack");
        }
    }

    /**
     * It has to wait for capacity: moves it to queued, as the operation's step. The caller writes the row in the queue, in
     * the same transaction.
     *
     * @param reason what it waits for
     */
    @Transactional
    public void queue(UUID id, String operationId, String reason) {
        var environment = environments.lock(id).orElseThrow(() -> new EnvironmentNotFoundException(id));
        if (openOperation(id, operationId).isEmpty()) {
            throw new InvalidStateException(
                    environment.status(), null, "the operation that wanted to wait is over: ask again");
        }
        rows.moved(environment.moveTo(EnvironmentStatus.QUEUED));
        rows.step(id, operationId, Operation.QUEUE, reason);
    }

    /** It waits no longer, with a place or without: creating or starting again, and with that out of the queue. */
    @Transactional
    public void leaveQueue(UUID id, String operationId) {
        var environment = environments.lock(id);
        var operation = openOperation(id, operationId);
        if (environment.isEmpty() || operation.isEmpty() || environment.get().status() != EnvironmentStatus.QUEUED) {
            return;
        }
        var start = operation.get().kind() == OperationKind.START;
        rows.moved(environment.get().moveTo(start ? EnvironmentStatus.STARTING : EnvironmentStatus.CREATING));
    }

    /**
     * Ends a start that gave up waiting, or was given up: the environment is as it was before, and says why, unless nobody is to blame.
     * Everything that the start took must have been given back.
     *
     * @param code stable, for programs; null when its user did not want to wait any longer
     * @return what the environment is then
     */
    @Transactional
    public EnvironmentStatus abandonWait(UUID id, String operationId, @Nullable String code, String reason) {
        var environment = environments.lock(id).orElseThrow(() -> new EnvironmentNotFoundException(id));
        var operation = openOperation(id, operationId);
        if (operation.isEmpty()
                || operation.get().statusBefore() == null
                || environment.status() != EnvironmentStatus.STARTING) {
            return environment.status();
        }
        var restored = environment.moveTo(operation.get().statusBefore());
        rows.restored(restored);
        if (code != null) {
            rows.failure(id, code, reason, List.of());
            changes.ofEnvironment(AutomaticChanges.WORKFLOW, "start given up", id, code);
        }
        rows.close(operationId, OperationOutcome.FAILED);
        if (operation.get().compensatingSince() == null) {
            rows.event(id, operationId, operation.get().step(), EventOutcome.FAILED, reason);
        } else {
            rows.undone(id, operation.get());
        }
        return restored.status();
    }

    /** A long step begins, and with it the one before is done. */
    @Transactional
    public void enter(UUID id, String operationId, String step) {
        if (environments.lock(id).isEmpty()) {
            return;
        }
        var operation = openOperation(id, operationId);
        if (operation.isEmpty() || operation.get().step().equals(step)) {
            return;
        }
        stepDone(operation.get());
        rows.step(id, operationId, step, null);
    }

    /**
     * Ends the operation in the status it was for. From running on, the environment's data is on its host: a later
     * start must go there. Deleted also removes the secrets.
     *
     * @param status running, stopped or deleted
     */
    @Transactional
    public void succeed(UUID id, String operationId, EnvironmentStatus status) {
        var environment = environments.lock(id);
        var operation = openOperation(id, operationId);
        if (environment.isEmpty() || operation.isEmpty()) {
            return;
        }
        rows.moved(environment.get().moveTo(status));
        rows.failure(id, null, null, List.of());
        switch (status) {
            case RUNNING -> rows.hasData(id);
            case DELETED -> rows.deleted(id);
            case QUEUED, CREATING, STARTING, STOPPING, STOPPED, DELETING, FAILED -> {}
        }
        stepDone(operation.get());
        rows.close(operationId, OperationOutcome.SUCCEEDED);
        rows.event(id, operationId, operation.get().kind().wireName(), EventOutcome.DONE, status.wireName());
    }

    /**
     * Says that the operation failed, and why. It stays open while something is unreturned: {@link #settle} ends it.
     *
     * @param code stable, for programs
     * @param reason what a user can act on
     * @param unreturned what is still to be given back, in words
     */
    @Transactional
    public void fail(UUID id, String operationId, String code, String reason, List<String> unreturned) {
        var found = environments.lock(id);
        var operation = openOperation(id, operationId);
        if (found.isEmpty() || operation.isEmpty()) {
            return;
        }
        var environment = found.get();
        var saidBefore = environment.status() == EnvironmentStatus.FAILED
                && code.equals(environment.failureCode())
                && reason.equals(environment.failureReason());
        if (!saidBefore || !environment.unreturned().equals(unreturned)) {
            rows.failure(id, code, reason, unreturned);
        }
        if (!saidBefore) {
            rows.moved(environment.moveTo(EnvironmentStatus.FAILED));
            rows.event(id, operationId, operation.get().step(), EventOutcome.FAILED, reason);
            // Why in full is in the events: an engine's words may carry anything.
            changes.ofEnvironment(
                    AutomaticChanges.WORKFLOW, operation.get().kind().wireName() + " failed", id, code);
        }
        if (unreturned.isEmpty()) {
            rows.close(operationId, OperationOutcome.FAILED);
        } else {
            rows.compensating(operationId);
        }
    }

    /**
     * Says that a start was given up, and why: it gives back what it took, and {@link #abandonWait} ends it.
     *
     * @param unreturned what is still to be given back, in words
     */
    @Transactional
    public void giveUp(UUID id, String operationId, String code, String reason, List<String> unreturned) {
        var environment = environments.lock(id);
        var operation = openOperation(id, operationId);
        if (environment.isEmpty()
                || operation.isEmpty()
                || operation.get().compensatingSince() != null
                || operation.get().kind() != OperationKind.START) {
            return;
        }
        rows.compensating(operationId);
        rows.failure(id, code, reason, unreturned);
        rows.event(id, operationId, operation.get().step(), EventOutcome.FAILED, reason);
    }

    /** {@link #settle(UUID, String, boolean)} as the operation's kind implies: only a failed create leaves no data. */
    @Transactional
    public void settle(UUID id, String operationId) {
        settle(
                id,
                operationId,
                operation(id, operationId)
                        .filter(operation -> operation.kind() == OperationKind.CREATE)
                        .isPresent());
    }

    /**
     * Ends a failed operation: nothing is unreturned any more.
     *
     * @param dataGone whether its data was removed, so that nothing of it is on any host
     */
    @Transactional
    public void settle(UUID id, String operationId, boolean dataGone) {
        var environment = environments.lock(id);
        if (environment.isEmpty() || environment.get().status() != EnvironmentStatus.FAILED) {
            return;
        }
        // Also when fail() closed it: the data may be gone only now. Never for an operation before the last one.
        var last = operations.last(id).filter(operation -> operation.id().equals(operationId));
        if (last.isEmpty() || last.get().outcome() == OperationOutcome.SUCCEEDED) {
            return;
        }
        if (dataGone) {
            rows.dataGone(id);
        }
        if (last.get().open()) {
            rows.failure(id, environment.get().failureCode(), environment.get().failureReason(), List.of());
            rows.close(operationId, OperationOutcome.FAILED);
            rows.undone(id, last.get());
        }
    }

    /** Each start says it anew: one that does not wants all of them. */
    private Environment withGpus(Environment environment, @Nullable Integer asked) {
        int gpu = asked == null ? environment.fullGpu() : Math.min(asked, environment.fullGpu());
        if (gpu != environment.gpu()) {
            rows.size(environment.id(), environment.cpu(), environment.memory(), gpu, environment.fullGpu());
        }
        return environment.withGpu(gpu);
    }

    private void refuseWhenOvertaken(Environment environment, OperationKind kind, @Nullable Instant moment) {
        var overtaken = switch (kind) {
            case CREATE -> false;
            case STOP -> {
                refuseWhenToBeKept(environment);
                yield moment != null && !timetables.take(environment.id(), moment);
            }
            case START -> moment != null && !timetables.take(environment.id(), moment);
            case DELETE ->
                environment.isProtected()
                        || environment.status() != EnvironmentStatus.STOPPED
                        || moment != null && !moment.equals(environment.stoppedAt());
        };
        if (overtaken) {
            throw new InvalidStateException(
                    environment.status(),
                    null,
                    "the " + kind.wireName() + " of environment '" + environment.name()
                            + "' that was due by itself is not due any more");
        }
    }

    private void refuseWhenToBeKept(Environment environment) {
        var until = environment.extendedUntil();
        if (environment.isProtected() || until != null && until.isAfter(Instant.now())) {
            throw new InvalidStateException(
                    environment.status(), null, "environment '" + environment.name() + "' is to be kept running");
        }
    }

    private void stepDone(Operation operation) {
        if (!operation.step().equals(Operation.ADMIT)) {
            rows.event(operation.environmentId(), operation.id(), operation.step(), EventOutcome.DONE, null);
        }
    }

    private Optional<Operation> operation(UUID id, String operationId) {
        return operations
                .findById(operationId)
                .filter(operation -> operation.environmentId().equals(id));
    }

    private Optional<Operation> openOperation(UUID id, String operationId) {
        return operation(id, operationId).filter(Operation::open);
    }
}
