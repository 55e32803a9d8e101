package io.remotegpu.db.allocation;

import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.EnvironmentLifecycle;
import io.remotegpu.db.environment.NewEnvironment;
import io.remotegpu.db.environment.StepEvents;
import io.remotegpu.db.port.PortLeases;
import io.remotegpu.db.quota.Reservations;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionOperations;

/**
 * All that a new environment takes before it is deployed, in one transaction: its rows, its quota, its place and its ports.
 *
 * <p>Refused means that nothing of it was ever there. The locks are taken in everybody's order: the environment, its user,
 * its host, that host's GPUs.
 */
@Component
public class Admissions {

    private final EnvironmentLifecycle lifecycle;
    private final Reservations reservations;
    private final Allocations allocations;
    private final CapacityQueue queue;
    private final PortLeases ports;
    private final StepEvents events;
    private final TransactionOperations transactions;

    Admissions(
            EnvironmentLifecycle lifecycle,
            Reservations reservations,
            Allocations allocations,
            CapacityQueue queue,
            PortLeases ports,
            StepEvents events,
            TransactionOperations transactions) {
        this.lifecycle = lifecycle;
        this.reservations = reservations;
        this.allocations = allocations;
        this.queue = queue;
        this.ports = ports;
        this.events = events;
        this.transactions = transactions;
    }

    /**
     * Writes the environment down and takes what it needs; its operation then begins with that step. The same operation again
     * gets what it has.
     *
     * @param waits whether it is kept, with its quota and without a place, when there is no room for it now; it then
     *     {@linkplain CapacityQueue#join joins the queue}
     * @return what it got; empty when it has to wait
     * @throws io.remotegpu.db.environment.NameTakenException when the user has another one of that name
     * @throws io.remotegpu.db.environment.EnvironmentExistsException when another operation made the environment of that id
     * @throws io.remotegpu.db.environment.InvalidStateException when the operation was given up meanwhile
     * @throws io.remotegpu.db.quota.QuotaExceededException when the user's quota does not allow it
     * @throws NoCapacityException when no host can take it now, and it does not wait
     * @throws io.remotegpu.db.port.NoPortException when its host's ports are used up
     */
    public Optional<Admitted> admit(NewEnvironment request, String firstStep, boolean waits) {
        var outcome = transactions.execute(transaction -> tryNow(request, firstStep, waits, transaction));
        return switch (outcome) {
            case Outcome.Placed placed -> Optional.of(placed.admitted());
            case Outcome.Waits _ -> Optional.empty();
            // In another transaction, because the queue's lock is taken before any row's.
            case Outcome.OthersFirst _ ->
                Optional.of(transactions.execute(_ -> {
                    queue.lock();
                    var environment = take(request);
                    return begin(request, firstStep, environment, allocations.placeInTurn(environment));
                }));
        };
    }

    private sealed interface Outcome {
        record Placed(Admitted admitted) implements Outcome {}

        record Waits() implements Outcome {}

        /** Others wait for what may be free; nothing was done. */
        record OthersFirst() implements Outcome {}
    }

    private Outcome tryNow(NewEnvironment request, String firstStep, boolean waits, TransactionStatus transaction) {
        var environment = take(request);
        if (environment.status() == EnvironmentStatus.QUEUED) {
            // It came that far before its answer was lost; its turn, which may have come, is told by the queue.
            return new Outcome.Waits();
        }
        try {
            var place = allocations.place(environment, Set.of(), true, transaction);
            if (place.isPresent()) {
                return new Outcome.Placed(begin(request, firstStep, environment, place.get()));
            }
        } catch (NoCapacityException full) {
            if (!waits) {
                throw full;
            }
        }
        if (waits) {
            return new Outcome.Waits();
        }
        transaction.setRollbackOnly();
        return new Outcome.OthersFirst();
    }

    private Environment take(NewEnvironment request) {
        var environment = lifecycle.create(request);
        reservations.reserve(environment);
        return environment;
    }

    private Admitted begin(NewEnvironment request, String firstStep, Environment environment, Allocation place) {
        var leased = ports.lease(environment, place.hostId());
        events.taken(environment.id());
        lifecycle.begun(environment.id(), request.operationId(), firstStep);
        return new Admitted(place, leased);
    }
}
