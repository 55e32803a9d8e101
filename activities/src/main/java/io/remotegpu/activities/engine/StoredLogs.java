package io.remotegpu.activities.engine;

import io.remotegpu.db.environment.KeptLogs;
import io.remotegpu.db.environment.LogStreams;
import io.remotegpu.db.environment.StepEvents;
import io.remotegpu.drivers.spi.LogPart;
import java.util.List;
import java.util.UUID;

/** In the rows. */
public record StoredLogs(KeptLogs kept, LogStreams streams, StepEvents events) implements LogStore {

    @Override
    public void keep(UUID environmentId, List<String> lines) {
        kept.keep(environmentId, lines);
    }

    @Override
    public List<Followed> followed(String hostId) {
        return streams.ofHost(hostId).stream()
                .map(row -> new Followed(
                        row.stream(), row.environmentId(), row.mode(), row.position(), row.tail(), row.ready()))
                .toList();
    }

    @Override
    public void offer(String hostId, Followed followed, LogPart part) {
        streams.offer(hostId, followed.stream(), followed.position(), part);
    }

    @Override
    public void progress(UUID environmentId, String message) {
        events.progress(environmentId, message);
    }
}
