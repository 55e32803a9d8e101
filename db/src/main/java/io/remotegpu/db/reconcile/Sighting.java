package io.remotegpu.db.reconcile;

/**
 * What became of a finding that was seen.
 *
 * @param id the open finding
 * @param fresh whether it was not known before
 * @param ripe whether it was seen in an earlier pass too, and for the whole grace time
 */
public record Sighting(long id, boolean fresh, boolean ripe) {}
