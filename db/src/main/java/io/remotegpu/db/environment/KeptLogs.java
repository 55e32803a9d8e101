package io.remotegpu.db.environment;

import io.remotegpu.db.secret.SecretBox;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The end of each environment's log as its host last read it: how logs reach the API from hosts that nobody can call.
 * Encrypted in its row, because programs write secrets into logs; gone once the environment is deleted.
 */
@Component
public class KeptLogs {

    private final JdbcClient jdbc;
    private final SecretBox box;

    KeptLogs(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    /**
     * Keeps these lines in place of earlier ones; of an environment that is deleted, or unknown, nothing is kept.
     *
     * @param lines oldest first, without line ends
     */
    @Transactional
    public void keep(UUID id, List<String> lines) {
        // The lock waits for a delete that is under way, so that nothing is kept behind its back.
        jdbc.sql("""
                        INSERT INTO environment_logs (environment_id, ciphertext)
                        SELECT id, :ciphertext FROM environments WHERE id = :id AND status <> 'deleted' FOR SHARE
                        ON CONFLICT (environment_id)
                        DO UPDATE SET ciphertext = excluded.ciphertext, taken_at = excluded.taken_at""")
                .param("id", id)
                .param("ciphertext", box.seal(context(id), String.join("\n", lines)))
                .update();
    }

    /** The newest there is. */
    public Optional<KeptLog> find(UUID id) {
        return find(id, null);
    }

    /** The same, unless it is older than that. */
    public Optional<KeptLog> findNewerThan(UUID id, Duration age) {
        return find(id, age);
    }

    private Optional<KeptLog> find(UUID id, @Nullable Duration age) {
        return jdbc.sql("""
                        SELECT ciphertext, taken_at FROM environment_logs WHERE environment_id = :id
                            AND (CAST(:millis AS bigint) IS NULL
                                OR taken_at > clock_timestamp() - :millis * interval '1 millisecond')""")
                .param("id", id)
                .param("millis", age == null ? null : age.toMillis())
                .query((row, _) -> new KeptLog(
                        row.getTimestamp("taken_at").toInstant(),
                        box.open(context(id), row.getBytes("ciphertext"))
                                .lines()
                                .toList()))
                .optional();
    }

    private static String context(UUID id) {
        return id + "/log";
    }
}
