package io.remotegpu.db.allocation;

import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.EnvironmentNotFoundException;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.HeldPlaces;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Which host and which GPUs an environment holds. Each method is one transaction and idempotent by the environment's id.
 *
 * <p>Locks are taken in one order everywhere: the queue, the environment, its user, then hosts by id, then GPUs by id. Whoever holds a host's
 * row has its GPUs to itself.
 */
@Component
public class Allocations {

    private final JdbcClient jdbc;
    private final EnvironmentRepository environments;
    private final HeldPlaces places;
    private final Candidates candidates;
    private final Claims claims;
    private final CapacityQueue queue;
    private final TransactionOperations transactions;

    Allocations(
            JdbcClient jdbc,
            EnvironmentRepository environments,
            HeldPlaces places,
            Candidates candidates,
            Claims claims,
            CapacityQueue queue,
            TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.environments = environments;
        this.places = places;
        this.candidates = candidates;
        this.claims = claims;
        this.queue = queue;
        this.transactions = transactions;
    }

    /**
     * Chooses a host and claims CPU, memory and GPUs there; or returns what is held, wherever that is: release it before
     * asking for another place. An environment that has data gets the host with its data only. While others wait for
     * capacity it gets a place only when it is its turn among them, or does not delay them: see {@link CapacityQueue}.
     *
     * @param excludedHosts hosts that turned out unable to take it
     * @throws NoCapacityException when no host can take it now, with what is missing; or when it waits in the queue, which
     *     alone gives it a place then
     * @throws EnvironmentNotFoundException when there is no such environment
     * @throws io.remotegpu.db.environment.InvalidStateException when it is not being created or started
     */
    public Allocation allocate(UUID environmentId, Set<String> excludedHosts) {
        // One that had its place, and is looking for another, has waited before those who wait now.
        var mindsQueue = excludedHosts.isEmpty();
        Optional<Allocation> placed = transactions.execute(transaction -> {
            return place(lock(environmentId), excludedHosts, mindsQueue, transaction);
        });
        // In another transaction, because the queue's lock is taken before any row's.
        return placed.orElseGet(() -> transactions.execute(_ -> {
            queue.lock();
            return placeInTurn(lock(environmentId));
        }));
    }

    private Environment lock(UUID environmentId) {
        var environment =
                environments.lock(environmentId).orElseThrow(() -> new EnvironmentNotFoundException(environmentId));
        environment.requireBeingBroughtUp();
        if (environment.status() == EnvironmentStatus.QUEUED) {
            // It came to wait before its answer was lost. Whatever place it has by now it gets from the queue, which it
            // leaves with
            // it: else it would stay queued for ever.
            throw new NoCapacityException(List.of(Lacks.ofTurn()));
        }
        return environment;
    }

    /** Gives CPU, memory and GPUs back; not held is success. Its data, if any, stays where it is. */
    public void release(UUID environmentId) {
        transactions.executeWithoutResult(_ -> {
            if (environments.lock(environmentId).isPresent()) {
                places.free(environmentId);
            }
        });
    }

    /** What an environment holds now. */
    public Optional<Allocation> held(UUID environmentId) {
        return claims.held(environmentId);
    }

    /**
     * A place for an environment that the transaction has locked, or the one that it holds; empty when others wait for what may
     * be free, so that they have to be asked first: in another transaction, by {@link #placeInTurn}.
     */
    Optional<Allocation> place(
            Environment environment, Set<String> excluded, boolean mindsQueue, TransactionStatus transaction) {
        var held = heldBy(environment);
        return held.isPresent() ? held : choose(environment, excluded, mindsQueue, transaction);
    }

    /** The same for one that minds the queue, whose lock the transaction took before any row's. */
    Allocation placeInTurn(Environment environment) {
        return heldBy(environment).orElseGet(() -> queue.goAhead(environment));
    }

    /** Who never had a host holds nothing of one. */
    private Optional<Allocation> heldBy(Environment environment) {
        return environment.hostId() == null ? Optional.empty() : claims.held(environment.id());
    }

    private Optional<Allocation> choose(
            Environment environment, Set<String> excluded, boolean mindsQueue, TransactionStatus transaction) {
        // Without GPUs what is locked is taken.
        var nothingLocked = environment.gpu() > 0 ? transaction.createSavepoint() : null;
        var views = candidates.views(environment, excluded);
        var secondLook = new TreeSet<String>();
        for (var host : candidates.fitting(environment, views)) {
            var claimed = lockIfFree(environment, host, mindsQueue)
                    ? claims.claim(environment, host)
                    : Optional.<Allocation>empty();
            if (claimed.isPresent()) {
                return claimed;
            }
            secondLook.add(host);
        }
        if (!secondLook.isEmpty()) {
            if (mindsQueue && queue.somebodyWaits()) {
                return Optional.empty();
            }
            // Waiting while holding what others wait for would be a deadlock: let go first, then wait in order.
            if (nothingLocked != null) {
                transaction.rollbackToSavepoint(nothingLocked);
            }
            var withPorts = lockAll(secondLook, candidates.ports(environment));
            views = candidates.views(environment, excluded);
            for (var host : candidates.fitting(environment, views)) {
                var claimed = withPorts.contains(host) ? claims.claim(environment, host) : Optional.<Allocation>empty();
                if (claimed.isPresent()) {
                    return claimed;
                }
            }
        }
        var roomy = candidates.fitting(environment, views);
        throw new NoCapacityException(
                roomy.isEmpty() ? Lacks.of(environment, views, excluded) : List.of(Lacks.ofPorts(environment, roomy)));
    }

    /** False when somebody else is busy there, there is no room any more, or others wait. */
    private boolean lockIfFree(Environment environment, String hostId, boolean mindsQueue) {
        return jdbc.sql("""
                        SELECT id FROM hosts WHERE id = :id AND status = 'active'
                            AND total_cpu - used_cpu >= :cpu AND total_memory - used_memory >= :memory
                            AND free_ports(hosts) >= :ports
                            AND NOT (:mindsQueue AND EXISTS (SELECT 1 FROM capacity_waits))
                        FOR NO KEY UPDATE SKIP LOCKED""")
                .param("ports", candidates.ports(environment))
                .param("mindsQueue", mindsQueue)
                .param("id", hostId)
                .param("cpu", environment.cpu())
                .param("memory", environment.memory())
                .query(String.class)
                .optional()
                .isPresent();
    }

    /** Those of them that still have enough ports. */
    private Set<String> lockAll(Set<String> hostIds, int ports) {
        jdbc.sql("SELECT id FROM hosts WHERE id = ANY (?) ORDER BY id FOR NO KEY UPDATE")
                .param(hostIds.toArray(String[]::new))
                .query(String.class)
                .list();
        // A second statement, because the first may have waited, and what it then counts is from before.
        return jdbc.sql("SELECT id FROM hosts WHERE id = ANY (:ids) AND free_ports(hosts) >= :ports")
                .param("ids", hostIds.toArray(String[]::new))
                .param("ports", ports)
                .query((row, _) -> row.getString("id"))
                .set();
    }
}
