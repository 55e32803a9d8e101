package io.remotegpu.db.secret;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The keys that a process was given, checked against those that the database knows, so that no process ever writes what
 * the others cannot read.
 *
 * <p>The database knows which key is written with. A process takes the first key it was given for that, where the database
 * has never seen it, and where it has the one before, too: that is how a key is replaced.
 */
final class InstallationKeys {

    private static final Logger LOG = LoggerFactory.getLogger(InstallationKeys.class);
    private static final Pattern BETWEEN = Pattern.compile("[\\s,]+");

    private final JdbcClient jdbc;
    /** Where the keys came from, for people. */
    private final String source;

    InstallationKeys(JdbcClient jdbc, String source) {
        this.jdbc = jdbc;
        this.source = source;
    }

    private record Known(String installation, String current) {}

    /** Keys in Base64, one in each line, or with commas between them. */
    static List<InstallationKey> parse(String text) {
        return BETWEEN.splitAsStream(text.strip())
                .filter(key -> !key.isEmpty())
                .map(InstallationKey::ofBase64)
                .toList();
    }

    /** Fingerprint of the key that is written with, where the database has one. */
    Optional<String> known() {
        return row("").map(Known::current);
    }

    /**
     * The key to write with, and the others to read with. To be called within a transaction.
     *
     * @param given never empty
     */
    InstallationKey agree(List<InstallationKey> given) {
        var first = given.getFirst();
        jdbc.sql("INSERT INTO installation (id, key_fingerprint) VALUES (1, ?) ON CONFLICT DO NOTHING")
                .param(first.ownFingerprint())
                .update();
        var known = row(" FOR UPDATE").orElseThrow();
        var current = given.stream()
                .filter(key -> key.ownFingerprint().equals(known.current()))
                .findFirst()
                .orElseThrow(() -> new InstallationKeyException("the installation key " + source
                        + " is not the one of this database: give it the key with fingerprint " + known.current()
                        + " (this one has " + first.ownFingerprint()
                        + "; to replace the key, give both, the new one first), or use another database"));
        if (first != current && isNew(first)) {
            jdbc.sql("UPDATE installation SET current_key = ?")
                    .param(first.ownFingerprint())
                    .update();
            LOG.info("The installation key {} is replaced by {}", current.ownFingerprint(), first.ownFingerprint());
            current = first;
        }
        jdbc.sql("INSERT INTO installation_keys (fingerprint) VALUES (?) ON CONFLICT DO NOTHING")
                .param(current.ownFingerprint())
                .update();
        var chosen = current;
        return chosen.of(given.stream().filter(key -> key != chosen).toList(), known.installation());
    }

    private boolean isNew(InstallationKey key) {
        return jdbc.sql("SELECT NOT EXISTS (SELECT 1 FROM installation_keys WHERE fingerprint = ?)")
                .param(key.ownFingerprint())
                .query(Boolean.class)
                .single();
    }

    private Optional<Known> row(String lock) {
        return jdbc.sql("SELECT key_fingerprint, COALESCE(current_key, key_fingerprint) FROM installation" + lock)
                .query((row, _) -> new Known(row.getString(1), row.getString(2)))
                .optional();
    }
}
