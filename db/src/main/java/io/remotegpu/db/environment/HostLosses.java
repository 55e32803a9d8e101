package io.remotegpu.db.environment;

import io.remotegpu.db.audit.AutomaticChanges;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * What becomes of the environments of a host that was declared lost, and of the host when it comes back. The word itself is
 * {@link io.remotegpu.db.host.Hosts#lost}; from it on, and until it is swept, nothing is placed there.
 *
 * <p>Each environment is one transaction: it has failed and holds nothing, or nothing has changed. Doing it again changes
 * nothing more.
 */
@Component
public class HostLosses {

    /** The failure code of an environment whose host was declared lost. */
    public static final String HOST_LOST = "host_lost";

    private final JdbcClient jdbc;
    private final EnvironmentRepository environments;
    private final OperationRepository operations;
    private final EnvironmentRows rows;
    private final AutomaticChanges changes;
    private final TransactionOperations transactions;

    HostLosses(
            JdbcClient jdbc,
            EnvironmentRepository environments,
            OperationRepository operations,
            EnvironmentRows rows,
            AutomaticChanges changes,
            TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.environments = environments;
        this.operations = operations;
        this.rows = rows;
        this.changes = changes;
        this.transactions = transactions;
    }

    /** The hosts that were declared lost and are not swept yet, by id. */
    public List<String> unswept() {
        return jdbc.sql("SELECT id FROM hosts WHERE unswept ORDER BY id")
                .query((row, _) -> row.getString("id"))
                .list();
    }

    /** Whether the host was declared lost and is not swept yet; false when there is no such host. */
    public boolean isUnswept(String hostId) {
        return jdbc.sql("SELECT EXISTS (SELECT 1 FROM hosts WHERE id = ? AND unswept)")
                .param(hostId)
                .query(Boolean.class)
                .single();
    }

    /**
     * Fails each environment there that no operation deals with, and frees what it holds: quota, CPU, memory, GPUs and ports.
     * Its data is gone with the host. One that waits in the queue and has no data yet loses a place that it was given there,
     * and waits on. Those in the middle of an operation are left to it, which comes to its end now: call
     * again until none is left.
     *
     * @return what is still under way there, in words; empty when nothing is there any more
     */
    public List<String> settle(String hostId) {
        var left = new ArrayList<String>();
        for (var id : on(hostId)) {
            transactions.execute(_ -> settle(hostId, id)).ifPresent(left::add);
        }
        return left;
    }

    private List<UUID> on(String hostId) {
        return jdbc.sql("SELECT id FROM environments WHERE host_id = ? AND status <> 'deleted' ORDER BY id")
                .param(hostId)
                .query((row, _) -> row.getObject("id", UUID.class))
                .list();
    }

    private Optional<String> settle(String hostId, UUID id) {
        var found = environments.lock(id).filter(there -> hostId.equals(there.hostId()));
        if (found.isEmpty() || found.get().status() == EnvironmentStatus.DELETED || !lockUnswept(hostId)) {
            return Optional.empty();
        }
        var environment = found.get();
        var open = operations.open(id);
        // One that waits for room where its data was would wait for ever.
        if (open.isPresent() && environment.status() != EnvironmentStatus.QUEUED) {
            return Optional.of(open.get().kind().wireName() + " of '" + environment.name() + "' at step "
                    + open.get().step());
        }
        if (open.isPresent() && !environment.hasData()) {
            waitOn(environment, open.get(), hostId);
        } else {
            fail(environment, open, reason(hostId, environment));
        }
        return Optional.empty();
    }

    /** It was given a place there and did not take it up yet: nothing is lost but that place. */
    private void waitOn(Environment environment, Operation operation, String hostId) {
        rows.placeFreed(environment.id());
        rows.dataGone(environment.id());
        rows.event(
                environment.id(),
                operation.id(),
                operation.step(),
                EventOutcome.UNDONE,
                "its place on " + hostId + " was taken back, because the host was declared lost: it waits on");
        changes.ofEnvironment(
                AutomaticChanges.HOST_WATCH,
                "place taken back",
                environment.id(),
                "host " + hostId + " was declared lost");
    }

    private boolean lockUnswept(String hostId) {
        return jdbc.sql("SELECT unswept FROM hosts WHERE id = ? FOR NO KEY UPDATE")
                .param(hostId)
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    private static String reason(String hostId, Environment environment) {
        return "its host " + hostId + " was declared lost"
                + (environment.hasData() ? ", and its data with it" : "")
                + ": delete it and create it again";
    }

    private void fail(Environment environment, Optional<Operation> open, String reason) {
        var id = environment.id();
        rows.failure(id, HOST_LOST, reason, List.of());
        rows.moved(environment.moveTo(EnvironmentStatus.FAILED));
        rows.event(id, open.map(Operation::id).orElse(null), "host", EventOutcome.FAILED, reason);
        open.ifPresent(operation -> rows.close(operation.id(), OperationOutcome.FAILED));
        rows.freed(id);
        rows.dataGone(id);
        changes.ofEnvironment(AutomaticChanges.HOST_WATCH, "environment failed", id, reason);
    }

    /**
     * Says that nothing of ours is on the host's engines any more, so that it may be given environments again.
     *
     * @param removed how many leftovers were removed
     * @return false when it may not: something is there, so it has to be settled and swept again; true also when it was said
     *     before, and when there is no such host
     */
    public boolean swept(String hostId, int removed) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            if (!lockUnswept(hostId)) {
                return true;
            }
            var holds = jdbc.sql("""
                            SELECT EXISTS (SELECT 1 FROM environments WHERE host_id = :id AND status <> 'deleted')
                                OR EXISTS (SELECT 1 FROM allocations WHERE host_id = :id AND released_at IS NULL)
                                OR EXISTS (SELECT 1 FROM gpus WHERE host_id = :id AND allocated_to IS NOT NULL)
                                OR EXISTS (SELECT 1 FROM port_leases WHERE host_id = :id)""").param("id", hostId).query(Boolean.class).single();
            if (holds) {
                return false;
            }
            jdbc.sql("UPDATE hosts SET unswept = false, updated_at = now() WHERE id = ?")
                    .param(hostId)
                    .update();
            jdbc.sql("INSERT INTO host_events (host_id, status, message) SELECT id, status, ? FROM hosts WHERE id = ?")
                    .params(
                            removed == 0
                                    ? "nothing was left on it"
                                    : "what was left of " + removed + " environments was removed",
                            hostId)
                    .update();
            changes.ofHost(AutomaticChanges.HOST_WATCH, "host swept", hostId, removed + " leftovers were removed");
            return true;
        }));
    }
}
