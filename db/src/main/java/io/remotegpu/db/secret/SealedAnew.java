package io.remotegpu.db.secret;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * After the key was replaced: opens what the keys before it have sealed, and seals it with the current one. May run at any
 * time, more than once, and beside whatever else is written.
 */
final class SealedAnew {

    private static final Logger LOG = LoggerFactory.getLogger(SealedAnew.class);
    static final int AT_ONCE = 500;

    /**
     * Everything that is sealed: a table, the column, whose it is, and what it is bound to (as SQL). A column of bytes that is
     * missing here fails a test.
     */
    private enum Place {
        SECRETS("environment_secrets", "ciphertext", "environment_id", "environment_id || '/' || name"),
        LOGS("environment_logs", "ciphertext", "environment_id", "environment_id || '/log'"),
        LOG_STREAMS("log_streams", "ciphertext", "id", "id || '/lines'"),
        ALERT_TARGETS("alert_targets", "secret", "id", "'alert-target/' || id");

        private final String table;
        private final String column;
        private final String owner;
        private final String context;

        Place(String table, String column, String owner, String context) {
            this.table = table;
            this.column = column;
            this.owner = owner;
            this.context = context;
        }
    }

    private final JdbcClient jdbc;
    private final SecretBox box;
    private final int atOnce;

    /** @param atOnce how many rows are in memory together */
    SealedAnew(JdbcClient jdbc, SecretBox box, int atOnce) {
        this.jdbc = jdbc;
        this.box = box;
        this.atOnce = atOnce;
    }

    private record Row(Object owner, String context, byte[] sealed) {}

    void all() {
        for (var place : Place.values()) {
            var count = all(place);
            if (count > 0) {
                LOG.info("{} rows of {} were sealed with the current installation key", count, place.table);
            }
        }
    }

    private int all(Place place) {
        var done = 0;
        var after = "";
        for (var rows = next(place, after); !rows.isEmpty(); rows = next(place, after)) {
            for (var row : rows) {
                done += again(place, row);
                after = row.context();
            }
        }
        return done;
    }

    private List<Row> next(Place place, String after) {
        return jdbc.sql("""
                        SELECT owner, context, ciphertext
                        FROM (SELECT %s AS owner, %s AS context, %s AS ciphertext FROM %s) AS sealed
                        WHERE context > :after AND substring(ciphertext FROM 1 FOR :length) <> :prefix
                        ORDER BY context LIMIT :most""".formatted(place.owner, place.context, place.column, place.table))
                .param("after", after)
                .param("length", box.prefix().length)
                .param("prefix", box.prefix())
                .param("most", atOnce)
                .query((row, _) -> new Row(row.getObject(1), row.getString(2), row.getBytes(3)))
                .list();
    }

    /** How many rows: none where it was written by somebody else meanwhile, or cannot be opened. */
    private int again(Place place, Row row) {
        try {
            return jdbc.sql("""
                            UPDATE %2$s SET %1$s = :new
                            WHERE %3$s = :owner AND %4$s = :context AND %1$s = :old""".formatted(place.column, place.table, place.owner, place.context))
                    .param("owner", row.owner())
                    .param("new", box.seal(row.context(), box.open(row.context(), row.sealed())))
                    .param("context", row.context())
                    .param("old", row.sealed())
                    .update();
        } catch (InstallationKeyException unreadable) {
            LOG.error("{}; keep the keys before this one until it is gone", unreadable.getMessage());
            return 0;
        }
    }
}
