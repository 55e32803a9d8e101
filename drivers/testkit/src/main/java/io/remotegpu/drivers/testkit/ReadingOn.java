package io.remotegpu.drivers.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.LogPart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Somebody who follows a log, and remembers where they are by a position alone. */
final class ReadingOn {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final EnvironmentLogs logs;
    private final UUID id;
    private final List<String> lines = new ArrayList<>();
    private @Nullable String position;

    ReadingOn(EnvironmentLogs logs, UUID id) {
        this.logs = logs;
        this.id = id;
    }

    void read() {
        LogPart part = logs.logsAfter(id, position, 1000);
        position = part.position();
        lines.addAll(part.lines());
    }

    void readUntil(String line) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!marked().contains(line)) {
            assertThat(System.nanoTime()).as("%s in %s", line, lines).isLessThan(end);
            read();
            EnvironmentDriverContract.pause();
        }
    }

    /** What the test itself wrote: services write, too. */
    List<String> marked() {
        return lines.stream().filter(line -> line.startsWith("reading-on-")).toList();
    }

    /** What one is given who begins with the last lines. */
    List<String> fromTheEnd(int tail) {
        return logs.logsAfter(id, null, tail).lines();
    }
}
