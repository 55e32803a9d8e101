package io.remotegpu.db.environment;

import io.remotegpu.db.secret.SecretBox;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.LogPart;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Logs that somebody follows: who serves a reader opens a stream and takes what comes, the host hands over part after part,
 * the next when the last was taken. One part at a time is all that is kept of it, encrypted; whose reader is slow is not read.
 */
@Component
public class LogStreams {

    /** Who has not taken anything for so long is gone. Longer than the pauses between two signs of life of a stream. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** So often a host says that it attends to its streams. */
    private static final Duration SAYS_EVERY = Duration.ofSeconds(3);

    private static final Duration SILENT_AFTER = Duration.ofSeconds(10);

    private final JdbcClient jdbc;
    private final SecretBox box;

    LogStreams(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    /**
     * What a host is to read.
     *
     * @param position behind what it handed over last; null for the last lines
     * @param ready whether the last part was taken, so that the next may come
     */
    public record Followed(
            UUID stream,
            UUID environmentId,
            DeploymentMode mode,
            @Nullable String position,
            int tail,
            boolean ready) {}

    /**
     * What a reader finds.
     *
     * @param part null when there is nothing new
     * @param attended whether the host was heard of just now
     */
    public record Taken(@Nullable LogPart part, boolean attended) {}

    /** A new stream; those that were left behind are gone with that. */
    @Transactional
    public void open(UUID stream, UUID environmentId, String hostId, @Nullable String position, int tail) {
        jdbc.sql("DELETE FROM log_streams WHERE wanted_until < clock_timestamp()")
                .update();
        jdbc.sql("""
                        INSERT INTO log_streams (id, environment_id, host_id, position, tail, wanted_until)
                        VALUES (:id, :environment, :host, :position, :tail,
                            clock_timestamp() + :patience * interval '1 second')""")
                .param("id", stream)
                .param("environment", environmentId)
                .param("host", hostId)
                .param("position", position)
                .param("tail", tail)
                .param("patience", PATIENCE.toSeconds())
                .update();
    }

    /**
     * Takes what has come, and so lets the next come; says again that it is wanted, and of which host.
     *
     * @return empty when there is no such stream (any more)
     */
    @Transactional
    public Optional<Taken> take(UUID stream, String hostId) {
        return jdbc.sql("""
                        UPDATE log_streams s SET ciphertext = NULL, host_id = :host,
                            wanted_until = clock_timestamp() + :patience * interval '1 second'
                        FROM (SELECT id, ciphertext, host_id FROM log_streams WHERE id = :id FOR UPDATE) was
                        WHERE s.id = was.id
                        RETURNING was.ciphertext AS sealed, s.position,
                            was.host_id = s.host_id
                                AND s.attended_at > clock_timestamp() - :silent * interval '1 second' AS attended""")
                .param("id", stream)
                .param("host", hostId)
                .param("patience", PATIENCE.toSeconds())
                .param("silent", SILENT_AFTER.toSeconds())
                .query((row, _) -> new Taken(
                        part(stream, row.getBytes("sealed"), row.getString("position")), row.getBoolean("attended")))
                .optional();
    }

    private @Nullable LogPart part(UUID stream, byte @Nullable [] sealed, @Nullable String position) {
        return sealed == null || position == null
                ? null
                : new LogPart(
                        position, box.open(context(stream), sealed).lines().toList());
    }

    public void close(UUID stream) {
        jdbc.sql("DELETE FROM log_streams WHERE id = ?").param(stream).update();
    }

    /** What a host is to read now; it says so at least every few seconds while there is any. */
    @Transactional
    public List<Followed> ofHost(String hostId) {
        jdbc.sql("""
                        UPDATE log_streams SET attended_at = clock_timestamp() WHERE host_id = :host
                            AND coalesce(attended_at < clock_timestamp() - :every * interval '1 second', true)""")
                .param("host", hostId)
                .param("every", SAYS_EVERY.toSeconds())
                .update();
        return jdbc.sql("""
                        SELECT s.id, s.environment_id, e.deployment_mode, s.position, s.tail,
                            s.ciphertext IS NULL AS ready
                        FROM log_streams s JOIN environments e ON e.id = s.environment_id
                        WHERE s.host_id = :host AND s.wanted_until > clock_timestamp() ORDER BY s.id""")
                .param("host", hostId)
                .query((row, _) -> new Followed(
                        row.getObject("id", UUID.class),
                        row.getObject("environment_id", UUID.class),
                        DeploymentMode.fromWireName(row.getString("deployment_mode")),
                        row.getString("position"),
                        row.getInt("tail"),
                        row.getBoolean("ready")))
                .list();
    }

    /**
     * Hands over what was read behind a position. Nothing happens when the stream is not there any more, another host's, or
     * not at that position: then the same was handed over before.
     */
    public void offer(String hostId, UUID stream, @Nullable String behind, LogPart part) {
        jdbc.sql("""
                        UPDATE log_streams SET position = :position, ciphertext = :ciphertext
                        WHERE id = :id AND host_id = :host AND ciphertext IS NULL
                            AND position IS NOT DISTINCT FROM :behind""")
                .param("id", stream)
                .param("host", hostId)
                .param("behind", behind)
                .param("position", part.position())
                .param(
                        "ciphertext",
                        part.lines().isEmpty()
                                ? null
                                : box.seal(context(stream), String.join("\n", part.lines()) + "\n"))
                .update();
    }

    private static String context(UUID stream) {
        return stream + "/lines";
    }
}
