package io.remotegpu.chaos;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How soon what was under way goes on, after what was killed is ready again, or where another worker is left, after the
 * kill: each operation's next sign of life. Thread-safe.
 */
final class Recovery {

    /** Those that wait for room are not meant to move. */
    private static final String OPEN = """
            SELECT o.id, o.step || '/' || (SELECT count(*) FROM environment_events v WHERE v.environment_id = o.environment_id)
            FROM operations o JOIN environments e ON e.id = o.environment_id
            WHERE o.ended_at IS NULL AND e.status <> 'queued'""";

    private static final long PATIENCE = 60_000_000_000L;

    private final Database database;
    private final List<Double> seconds = Collections.synchronizedList(new ArrayList<>());
    private volatile int round;

    Recovery(Database database) {
        this.database = database;
    }

    /** From now on what was under way can go on; how soon it does is measured beside. */
    void begins() {
        int mine = ++round;
        long began = System.nanoTime();
        Thread.ofVirtual().start(() -> watch(mine, began));
    }

    private void watch(int mine, long began) {
        try {
            Map<String, String> open = open();
            double slowest = -1;
            // The next restart makes this one's figures worthless.
            while (!open.isEmpty() && mine == round && System.nanoTime() - began < PATIENCE) {
                Thread.sleep(100);
                var now = open();
                if (open.entrySet().removeIf(was -> !was.getValue().equals(now.get(was.getKey())))) {
                    slowest = (System.nanoTime() - began) / 1e9;
                }
            }
            if (slowest >= 0 && mine == round) {
                seconds.add(slowest);
            }
        } catch (SQLException e) {
            // Broken meanwhile: another measurement is begun then.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, String> open() throws SQLException {
        var open = new HashMap<String, String>();
        for (String row : database.ask(OPEN)) {
            int space = row.indexOf(' ');
            open.put(row.substring(0, space), row.substring(space + 1));
        }
        return open;
    }

    /** For each restart after which something was under way: until the last of them had gone on. */
    List<Double> seconds() {
        synchronized (seconds) {
            return List.copyOf(seconds);
        }
    }
}
