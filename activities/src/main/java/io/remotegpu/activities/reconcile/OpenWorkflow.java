package io.remotegpu.activities.reconcile;

import java.util.UUID;

/**
 * A workflow that carries an operation out and has not ended.
 *
 * @param kind in words, for example {@code delete}
 * @param runId of this run; the operation's id in the rows, unless an operator reset the workflow
 */
record OpenWorkflow(UUID environmentId, String kind, String runId) {}
