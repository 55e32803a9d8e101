package io.remotegpu.workflows.reconcile;

/** What may be done without asking anybody. */
public enum RepairKind {
    /** It is running in the rows, but its compute is gone: it is failed, with the reason; its data and ports stay its own. */
    SETTLE,
    /** It is stopped or failed, but something of its compute runs or is held: that is stopped and given back. */
    REST,
    /** It is deleted, or was refused: what is left of it on the engine goes, and what it still holds is given back. */
    SWEEP,
    /** This database never gave it: its compute is stopped, and its data stays for whoever knows it. */
    QUIET,
    /** Its operation's workflow is gone: a stop or delete is finished, a create or start undone. */
    FINISH
}
