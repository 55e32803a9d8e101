package io.remotegpu.workflows.reconcile;

import java.time.Instant;
import java.util.List;

/**
 * A pass as it begins.
 *
 * @param startedAt by the database's clock, before any engine was asked: what moved since is left to the next pass
 * @param hosts whose engines to ask
 */
public record Pass(Instant startedAt, List<HostToAsk> hosts) {}
