package io.remotegpu.drivers.simulated;

import io.remotegpu.drivers.spi.LogPart;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What one run of a simulated environment wrote. Its positions are the run and how many lines were read. Thread-safe. */
final class SimulatedLog {

    private static final Pattern POSITION = Pattern.compile("([0-9a-f-]{1,36})_([0-9]{1,9})");

    private final UUID run = UUID.randomUUID();
    private final List<String> lines = new ArrayList<>();

    SimulatedLog(UUID environment) {
        lines.add("simulated environment " + environment + ": nothing runs here");
    }

    static LogPart none(@Nullable String position) {
        return new LogPart(position != null && POSITION.matcher(position).matches() ? position : "0_0", List.of());
    }

    synchronized void print(String line) {
        lines.add(line);
    }

    synchronized List<String> tail(int most) {
        return List.copyOf(lines.subList(Math.max(0, lines.size() - most), lines.size()));
    }

    synchronized LogPart after(@Nullable String position, int tail) {
        var at = position == null ? null : POSITION.matcher(position);
        int from = at == null || !at.matches()
                ? Math.max(0, lines.size() - tail)
                : at.group(1).equals(run.toString()) ? Math.min(Integer.parseInt(at.group(2)), lines.size()) : 0;
        return new LogPart(run + "_" + lines.size(), lines.subList(from, lines.size()));
    }
}
