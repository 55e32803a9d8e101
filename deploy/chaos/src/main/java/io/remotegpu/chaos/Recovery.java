package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How soon what was under way goes on, after what was killed is ready again, or where another worker is left, after the
 * kill: each operation's next sign of life. Thread-safe.
 */
final class Recovery {

    /** Those that wait for room are not meant to move. */
    private static final String OPEN = """
            SELECT o.id, o.environment_id, (extract(epoch FROM o.started_at) * 1000)::bigint,
                   (SELECT count(*) FROM environment_events v WHERE v.environment_id = o.environment_id),
                   o.kind, o.step
            FROM operations o JOIN environments e ON e.id = o.environment_id
            WHERE o.ended_at IS NULL AND e.status <> 'queued'""";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * An operation that was under way.
     *
     * @param fault what was killed
     * @param operation what it did then, and at which step
     * @param seconds until it went on; a minute where it had not by then
     * @param amid the other faults until then: from outside since the kill, and those of its own steps and calls since it
     *     began. Only where there are none was it up to the kill alone how long it took.
     */
    record GoneOn(String fault, String operation, double seconds, List<String> amid) {

        boolean alone() {
            return amid.isEmpty();
        }

        @Override
        public String toString() {
            return operation + " after " + fault + (alone() ? "" : " and " + String.join(", ", amid));
        }
    }

    private record Open(String id, String environment, long began, String events, String kind, String step) {

        static Open of(String row) {
            String[] words = row.split(" ", 6);
            return new Open(words[0], words[1], Long.parseLong(words[2]), words[3], words[4], words[5]);
        }
    }

    private record Fault(String word, long at) {}

    private final Database database;
    private final List<Path> logs;
    private final List<Fault> faults = new ArrayList<>();
    private final List<GoneOn> goneOn = new ArrayList<>();

    /** @param logs of what happens to steps and calls: what it was, to which, further words, and when, in milliseconds */
    Recovery(Database database, List<Path> logs) {
        this.database = database;
        this.logs = logs;
    }

    /** Something is broken from outside. */
    synchronized void broken(String fault) {
        faults.add(new Fault(fault, System.currentTimeMillis()));
    }

    /** From now on what was under way when that was killed can go on; how soon it does is measured beside. */
    void begins(String fault) {
        long began = System.currentTimeMillis();
        Thread.ofVirtual().start(() -> watch(fault, began));
    }

    private void watch(String fault, long began) {
        long deadline = began + PATIENCE.toMillis();
        Map<String, Open> waiting = Map.of();
        boolean asked = false;
        try {
            while ((!asked || !waiting.isEmpty()) && System.currentTimeMillis() < deadline) {
                try {
                    var now = open();
                    if (asked) {
                        waiting.values().removeIf(was -> {
                            boolean moved = !was.equals(now.get(was.id()));
                            if (moved) {
                                add(fault, was, began);
                            }
                            return moved;
                        });
                    } else {
                        waiting = now;
                        asked = true;
                    }
                } catch (SQLException e) {
                    // Broken meanwhile, which is counted: it is asked again.
                }
                Thread.sleep(100);
            }
            waiting.values().forEach(was -> add(fault, was, began));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, Open> open() throws SQLException {
        return database.ask(OPEN).stream().map(Open::of).collect(Collectors.toMap(Open::id, Function.identity()));
    }

    private synchronized void add(String fault, Open was, long began) {
        double seconds = (System.currentTimeMillis() - began) / 1e3;
        var amid = new ArrayList<>(faults.stream()
                .filter(other -> other.at() > began)
                .map(Fault::word)
                .toList());
        logs.forEach(log -> amid.addAll(met(log, was)));
        goneOn.add(new GoneOn(fault, was.kind() + " at " + was.step(), seconds, List.copyOf(amid)));
    }

    private static List<String> met(Path log, Open operation) {
        try {
            return !Files.exists(log)
                    ? List.of()
                    : Files.readAllLines(log).stream()
                            .filter(line -> line.contains(operation.environment()))
                            .map(line -> line.split(" "))
                            .filter(words -> Long.parseLong(words[words.length - 1]) >= operation.began())
                            .map(words -> (words[0] + " of " + words[1]).toLowerCase(java.util.Locale.ROOT))
                            .toList();
        } catch (IOException e) {
            throw new ChaosException(log + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Every operation that was under way at some kill, in the order in which they went on. */
    synchronized List<GoneOn> goneOn() {
        return List.copyOf(goneOn);
    }
}
