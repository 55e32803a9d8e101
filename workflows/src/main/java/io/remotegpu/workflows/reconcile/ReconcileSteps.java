package io.remotegpu.workflows.reconcile;

import io.temporal.activity.ActivityInterface;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The database's and Temporal's side of a pass. Each compares, writes what it found down, and answers what is ripe to be
 * repaired: seen in two passes, and for the grace time. Idempotent within a pass.
 */
@ActivityInterface(namePrefix = "Reconcile_")
public interface ReconcileSteps {

    Pass begin();

    /** What a host's engines carry against what the rows say of it. */
    List<Repair> compare(Pass pass, String hostId, List<EngineAnswer> answers);

    /** That a host could not be asked: nothing is concluded of what is on it. */
    void unseen(Pass pass, String hostId, String why);

    /** The invariants of the rows. */
    List<Repair> checkRows(Pass pass);

    /** Open operations against open workflows; also ends workflows that the rows do not know. */
    List<Repair> checkOperations(Pass pass);

    /** Closes findings that were not found again where it could be looked. */
    PassReport end(Pass pass, Set<String> hostsSeen, int repairs);

    /**
     * Looks again whether a repair is due. The caller runs under the environment's workflow id, so no operation can begin
     * before it ends.
     *
     * @return null when it moved meanwhile, or somebody was faster
     */
    @Nullable
    Errand confirm(Repair repair);

    /** That a repair was done. */
    void repaired(Repair repair, String how);

    /** That it could not be done now, and is left to a later pass. */
    void postponed(Repair repair, String why);
}
