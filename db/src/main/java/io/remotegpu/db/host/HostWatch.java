package io.remotegpu.db.host;

import io.remotegpu.db.audit.AutomaticChanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Which hosts have fallen silent, by the database's clock alone. Unknown is not dead: a silent host takes nothing new, and keeps
 * what it has.
 */
@Component
public class HostWatch {

    private static final String SILENT = """
            status = 'active' AND clock_timestamp() - :silence * interval '1 millisecond'
                > greatest(last_heartbeat, status_since, (SELECT hearing_since FROM host_watch))""";

    private final JdbcClient jdbc;

    private final AutomaticChanges changes;
    private final TransactionOperations transactions;

    HostWatch(JdbcClient jdbc, AutomaticChanges changes, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.changes = changes;
        this.transactions = transactions;
    }

    /**
     * Quarantines each active host of which nothing was heard for so long; the next heartbeat makes it active again. Who was
     * activated without ever being heard of has as long. Silence while nobody looked is not counted: it may have been the
     * server that was away. Each host is a transaction of its own; doing it again changes nothing.
     *
     * @param silence how long a host may be silent; looked at more often than that
     * @return the hosts that were quarantined now, by id
     */
    public List<String> quarantineSilent(Duration silence) {
        jdbc.sql("""
                        INSERT INTO host_watch AS watch (id, looked_at, hearing_since)
                        VALUES (1, clock_timestamp(), clock_timestamp())
                        ON CONFLICT (id) DO UPDATE SET looked_at = excluded.looked_at,
                            hearing_since = CASE WHEN watch.looked_at < excluded.looked_at - :silence * interval '1 millisecond'
                                THEN excluded.looked_at ELSE watch.hearing_since END""").param("silence", silence.toMillis()).update();
        var quarantined = new ArrayList<String>();
        for (var id : silent(silence)) {
            if (Boolean.TRUE.equals(transactions.execute(_ -> quarantine(id, silence)))) {
                quarantined.add(id);
            }
        }
        return quarantined;
    }

    private boolean quarantine(String id, Duration silence) {
        // Asked again as the row is written: it may have been heard of meanwhile.
        var moved = jdbc.sql("""
                        UPDATE hosts SET status = 'quarantined', updated_at = now(),
                            status_reason = 'nothing was heard of it for ' || :seconds || ' s'
                        WHERE id = :id AND\s""" + SILENT)
                .param("id", id)
                .param("seconds", String.valueOf(silence.toSeconds()))
                .param("silence", silence.toMillis())
                .update();
        if (moved == 1) {
            changes.ofHost(
                    AutomaticChanges.HOST_WATCH,
                    "host quarantined",
                    id,
                    "nothing was heard of it for " + silence.toSeconds() + " s");
        }
        return moved == 1;
    }

    private List<String> silent(Duration silence) {
        return jdbc.sql("SELECT id FROM hosts WHERE " + SILENT + " ORDER BY id")
                .param("silence", silence.toMillis())
                .query((row, _) -> row.getString("id"))
                .list();
    }
}
