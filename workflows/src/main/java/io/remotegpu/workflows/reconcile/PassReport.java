package io.remotegpu.workflows.reconcile;

import java.util.List;

/**
 * What a pass did.
 *
 * @param hostsSeen whose engines all answered
 * @param hostsUnseen of which nothing was concluded
 * @param repairs how many repairs were begun
 * @param open how many findings are open now
 */
public record PassReport(List<String> hostsSeen, List<String> hostsUnseen, int repairs, int open) {}
