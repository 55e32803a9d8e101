package io.remotegpu.db.allocation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Who of those who wait goes next, and who may go now. A pure function of the rows.
 *
 * <p>The order: the user with the fewest GPUs first, counting those held and those of the user's own requests that are
 * already in line; among equal ones the user whose next request is the oldest. Within a user: priority, then age.
 *
 * <p>In that order each gets a place where it fits. One that does not fit anywhere holds back those behind it, wherever
 * they would delay it: see {@link HostRoom#give}. Everywhere else they go ahead. Each one that waits is protected, not
 * only the very first, because the first may wait for something of which the others need nothing.
 */
final class QueuePlan {

    /** A place that one may have now. */
    record Grant(String hostId, List<Long> gpus) {}

    /**
     * One in line.
     *
     * @param grant what it gets now; empty when it has to wait
     */
    record Seat(Waiter waiter, Optional<Grant> grant) {}

    /**
     * Thinks it through; the rooms are changed by what is granted.
     *
     * @param held GPUs held now, by user; absent is none
     * @param policy which of several fitting hosts
     * @return everybody, in order
     */
    static List<Seat> of(
            Collection<Waiter> waiting,
            List<HostRoom> rooms,
            Map<Long, Long> held,
            Comparator<Candidates.View> policy) {
        var seats = new ArrayList<Seat>();
        var before = new LinkedHashSet<Need>();
        for (var waiter : inOrder(waiting, held)) {
            var grant = place(waiter.need(), rooms, before, policy);
            if (grant.isEmpty()) {
                before.add(waiter.need());
            }
            seats.add(new Seat(waiter, grant));
        }
        return seats;
    }

    static List<Waiter> inOrder(Collection<Waiter> waiting, Map<Long, Long> held) {
        var lines = new HashMap<Long, PriorityQueue<Waiter>>();
        for (var waiter : waiting) {
            lines.computeIfAbsent(
                            waiter.userId(),
                            _ -> new PriorityQueue<>(Comparator.comparingInt(Waiter::priority)
                                    .reversed()
                                    .thenComparingLong(Waiter::ticket)))
                    .add(waiter);
        }
        var users = new PriorityQueue<Turn>(Comparator.comparingLong(Turn::gpus)
                .thenComparingLong(turn -> turn.next().ticket()));
        lines.values().forEach(line -> {
            var next = line.remove();
            users.add(new Turn(next, held.getOrDefault(next.userId(), 0L), line));
        });
        var order = new ArrayList<Waiter>();
        while (!users.isEmpty()) {
            var turn = users.remove();
            order.add(turn.next());
            if (!turn.line().isEmpty()) {
                users.add(new Turn(
                        turn.line().remove(), turn.gpus() + turn.next().need().gpu(), turn.line()));
            }
        }
        return order;
    }

    /** Whose turn it may be: a user's next one, and the GPUs that count for the user before it. */
    private record Turn(Waiter next, long gpus, PriorityQueue<Waiter> line) {}

    private static Optional<Grant> place(
            Need need, List<HostRoom> rooms, Collection<Need> before, Comparator<Candidates.View> policy) {
        var fitting = rooms.stream()
                .filter(room -> room.fits(need))
                .sorted(Comparator.comparing(room -> room.view(need), policy))
                .toList();
        for (var room : fitting) {
            var gpus = room.give(need, before);
            if (gpus.isPresent()) {
                room.take(need, gpus.get());
                return Optional.of(new Grant(room.id(), gpus.get()));
            }
        }
        return Optional.empty();
    }

    private QueuePlan() {}
}
