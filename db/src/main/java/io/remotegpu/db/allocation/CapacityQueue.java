package io.remotegpu.db.allocation;

import io.remotegpu.db.audit.AutomaticChanges;
import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.EnvironmentLifecycle;
import io.remotegpu.db.environment.EnvironmentNotFoundException;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.InvalidStateException;
import io.remotegpu.db.environment.StepEvents;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Who waits for capacity, and who goes next. Each method is one transaction and idempotent by the environment's id.
 *
 * <p>Who goes next is decided by {@link QueuePlan} from the rows, by one at a time: the queue's lock is taken before any
 * row's. Whoever decides gives everybody a place who may have one, in the transaction that reads what is free; those
 * then hold it, and only have to be told. Being told twice, late or never changes nothing: {@link #turn} looks.
 */
@Component
public class CapacityQueue {

    private final QueueRows rows;
    private final Claims claims;
    private final EnvironmentRepository environments;
    private final EnvironmentLifecycle lifecycle;
    private final StepEvents events;
    private final PlacementSettings placement;
    private final AutomaticChanges changes;

    CapacityQueue(
            QueueRows rows,
            Claims claims,
            EnvironmentRepository environments,
            EnvironmentLifecycle lifecycle,
            StepEvents events,
            PlacementSettings placement,
            AutomaticChanges changes) {
        this.rows = rows;
        this.claims = claims;
        this.environments = environments;
        this.lifecycle = lifecycle;
        this.events = events;
        this.placement = placement;
        this.changes = changes;
    }

    /**
     * Takes a place that is free and nobody's turn before; or else a place in the queue, in which the environment is
     * queued from then on. Who waits already keeps age and deadline.
     *
     * @param operationId the create or start that waits
     * @param atMost how long it wants to wait
     * @throws EnvironmentNotFoundException when there is no such environment
     * @throws InvalidStateException when it is not being created or started
     */
    @Transactional
    public QueueTurn join(UUID id, String operationId, Duration atMost) {
        rows.lock();
        var environment = environments.lock(id).orElseThrow(() -> new EnvironmentNotFoundException(id));
        environment.requireBeingBroughtUp();
        if (environment.status() == EnvironmentStatus.QUEUED) {
            return taken(environment, operationId);
        }
        var held = claims.held(id);
        if (held.isPresent()) {
            return new QueueTurn(held.get(), null);
        }
        var seats = grant(environment);
        var placed = claims.held(id);
        if (placed.isPresent()) {
            return new QueueTurn(placed.get(), null);
        }
        events.taken(id);
        lifecycle.queue(id, operationId, seats.reason(id));
        rows.insert(id, atMost);
        return new QueueTurn(null, place(id));
    }

    /**
     * Gives everybody a place who may have one; then, if this one has its place, takes it out of the queue. Otherwise, what it
     * waits for is an event where that is not what it waited for before.
     *
     * @throws InvalidStateException when it does not wait, and holds nothing
     */
    @Transactional
    public QueueTurn turn(UUID id, String operationId) {
        rows.lock();
        grant(null);
        var environment = environments.lock(id).orElseThrow(() -> new EnvironmentNotFoundException(id));
        environment.requireBeingBroughtUp();
        return taken(environment, operationId);
    }

    /** Goes without a place; the next one moves up. Not in the queue is success. A place that it was given it holds. */
    @Transactional
    public void leave(UUID id, String operationId) {
        lifecycle.leaveQueue(id, operationId);
    }

    /**
     * Gives everybody a place who may have one.
     *
     * @return those who hold one and have to be told, also when somebody should have told them before
     */
    @Transactional
    public List<UUID> dispatch() {
        if (!rows.anybody()) {
            return List.of();
        }
        rows.lock();
        return rows.granted(grant(null).granted());
    }

    /** Where they stand now; those who do not wait, or have their place, are absent. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public Map<UUID, QueuePlace> places(Set<UUID> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        var line = line(null);
        var places = new HashMap<UUID, QueuePlace>();
        for (int i = 0; i < line.seats().size(); i++) {
            var id = line.seats().get(i).waiter().id();
            var wait = line.waits().get(id);
            if (wait != null && ids.contains(id)) {
                places.put(
                        id,
                        new QueuePlace(
                                i + 1,
                                line.seats().size(),
                                line.reason(id),
                                wait.since(),
                                wait.deadline(),
                                wait.left()));
            }
        }
        return places;
    }

    /** Whether there is a queue that one who comes now has to mind. */
    boolean somebodyWaits() {
        return rows.anybody();
    }

    /** Until the transaction ends nobody else decides who goes next. Taken before any row. */
    void lock() {
        rows.lock();
    }

    /**
     * A place for one that comes now and does not wait, if it is its turn or delays nobody; its row and the queue are
     * locked.
     */
    Allocation goAhead(Environment environment) {
        var line = grant(environment);
        return claims.held(environment.id()).orElseThrow(() -> new NoCapacityException(line.lacks(environment.id())));
    }

    private QueueTurn taken(Environment environment, String operationId) {
        var held = claims.held(environment.id());
        if (held.isPresent()) {
            lifecycle.leaveQueue(environment.id(), operationId);
            return new QueueTurn(held.get(), null);
        }
        if (environment.status() != EnvironmentStatus.QUEUED) {
            throw new InvalidStateException(
                    environment.status(), null, "environment '" + environment.name() + "' does not wait for room");
        }
        var place = place(environment.id());
        if (place != null) {
            events.waits(environment.id(), place.reason());
        }
        return new QueueTurn(null, place);
    }

    private @Nullable QueuePlace place(UUID id) {
        return places(Set.of(id)).get(id);
    }

    /** Everybody in order, after those who may go were given their places. */
    private Line grant(@Nullable Environment newcomer) {
        var line = line(newcomer);
        if (line.granted().isEmpty()) {
            return line;
        }
        // Only now is it worth while to keep everybody else from changing what the plan is made of.
        rows.lockEverything();
        line = line(newcomer);
        for (var seat : line.seats()) {
            var environment =
                    Objects.requireNonNull(line.environments().get(seat.waiter().id()));
            seat.grant().ifPresent(grant -> {
                claims.claim(environment, grant.hostId(), grant.gpus());
                // One that has not come to wait was placed by its own request.
                if (environment.status() == EnvironmentStatus.QUEUED) {
                    changes.ofEnvironment(
                            AutomaticChanges.QUEUE, "place given", environment.id(), "on host " + grant.hostId());
                }
            });
        }
        return line;
    }

    private Line line(@Nullable Environment newcomer) {
        var waits = rows.waits();
        var waiting = new ArrayList<>(rows.waiting());
        if (newcomer != null && !waits.containsKey(newcomer.id())) {
            waiting.add(newcomer);
        }
        var waiters = new ArrayList<Waiter>();
        for (var environment : waiting) {
            var wait = Optional.ofNullable(waits.get(environment.id()));
            if (wait.isEmpty() && environment != newcomer) {
                continue;
            }
            waiters.add(new Waiter(
                    environment.id(),
                    environment.userId(),
                    environment.priority(),
                    wait.map(QueueRows.Wait::ticket).orElse(Long.MAX_VALUE),
                    Need.of(
                            environment,
                            wait.map(QueueRows.Wait::leasedPorts)
                                    .orElseGet(() -> rows.leasedPorts(environment.id())))));
        }
        var rooms = rows.rooms();
        var seats = QueuePlan.of(waiters, rooms, rows.held(), placement.policy().order());
        return new Line(
                seats, rooms, waits, waiting.stream().collect(Collectors.toMap(Environment::id, Function.identity())));
    }

    /** The queue as it was thought through once. */
    private record Line(
            List<QueuePlan.Seat> seats,
            List<HostRoom> rooms,
            Map<UUID, QueueRows.Wait> waits,
            Map<UUID, Environment> environments) {

        List<UUID> granted() {
            return seats.stream()
                    .filter(seat -> seat.grant().isPresent())
                    .map(seat -> seat.waiter().id())
                    .toList();
        }

        String reason(UUID id) {
            return lacks(id).stream().map(Lack::message).collect(Collectors.joining("; "));
        }

        /** What is missing for one that got no place. */
        List<Lack> lacks(UUID id) {
            var need = seats.stream()
                    .map(QueuePlan.Seat::waiter)
                    .filter(waiter -> waiter.id().equals(id))
                    .map(Waiter::need)
                    .findFirst()
                    .orElseThrow();
            if (rooms.stream().anyMatch(room -> room.fits(need))) {
                return List.of(Lacks.ofTurn());
            }
            var environment = Objects.requireNonNull(environments.get(id));
            var eligible = rooms.stream().filter(room -> room.eligible(need)).toList();
            var withoutPorts = eligible.stream()
                    .filter(room -> Candidates.fits(environment, room.view(need)))
                    .map(HostRoom::id)
                    .toList();
            return withoutPorts.isEmpty()
                    ? Lacks.of(
                            environment,
                            eligible.stream().map(room -> room.view(need)).toList(),
                            Set.of())
                    : List.of(Lacks.ofPorts(environment, withoutPorts));
        }
    }
}
