package io.remotegpu.db.secret;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.testing.TestDatabase;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class SealedAnewIT {

    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.create().dataSource());
    private final InstallationKey before = key(1);
    private final InstallationKey after = key(2).of(List.of(before), before.fingerprint());

    @Test
    void whatTheKeyBeforeSealedIsSealedWithTheNewOneAndOpensWithoutTheOld() {
        var old = new SecretBox(before);
        // More than are looked at at once; and every other one as it was before keys could be replaced.
        for (int i = 0; i < 10; i++) {
            var id = environment();
            secret(id, "password", withoutKey(i % 2 == 0, old.seal(id + "/password", "p" + id)));
            log(id, withoutKey(i % 2 == 0, old.seal(id + "/log", "l" + id)));
        }
        target(7, old.seal("alert-target/7", "t7"));
        var box = new SecretBox(after);
        var mine = environment();
        var sealedByNew = box.seal(mine + "/password", "p" + mine);
        secret(mine, "password", sealedByNew);

        new SealedAnew(jdbc, box, 4).all();
        new SealedAnew(jdbc, box, 4).all();

        var newAlone = new SecretBox(key(2));
        var opened = jdbc.sql("SELECT environment_id, ciphertext FROM environment_secrets")
                .query((row, _) -> newAlone.open(row.getString(1) + "/password", row.getBytes(2))
                        .equals("p" + row.getString(1)))
                .list();
        assertThat(opened).hasSize(11).containsOnly(true);
        assertThat(jdbc.sql("SELECT environment_id, ciphertext FROM environment_logs")
                        .query((row, _) -> newAlone.open(row.getString(1) + "/log", row.getBytes(2))
                                .equals("l" + row.getString(1)))
                        .list())
                .hasSize(10)
                .containsOnly(true);
        assertThat(jdbc.sql("SELECT secret FROM alert_targets")
                        .query((row, _) -> newAlone.open("alert-target/7", row.getBytes(1)))
                        .list())
                .containsExactly("t7");
        assertThat(jdbc.sql("SELECT ciphertext FROM environment_secrets WHERE environment_id = ?")
                        .param(mine)
                        .query(byte[].class)
                        .single())
                .isEqualTo(sealedByNew);
    }

    @Test
    void whatCannotBeOpenedStaysAsItIsAndTheRestGoesOn() {
        var lost = environment();
        var sealedByAnother = new SecretBox(key(3)).seal(lost + "/password", "x");
        secret(lost, "password", sealedByAnother);
        var id = environment();
        secret(id, "password", new SecretBox(before).seal(id + "/password", "y"));

        new SealedAnew(jdbc, new SecretBox(after), 1).all();

        assertThat(jdbc.sql("SELECT ciphertext FROM environment_secrets WHERE environment_id = ?")
                        .param(lost)
                        .query(byte[].class)
                        .single())
                .isEqualTo(sealedByAnother);
        assertThat(new SecretBox(key(2))
                        .open(
                                id + "/password",
                                jdbc.sql("SELECT ciphertext FROM environment_secrets WHERE environment_id = ?")
                                        .param(id)
                                        .query(byte[].class)
                                        .single()))
                .isEqualTo("y");
    }

    /** Bytes in a row are sealed secrets: a new column of them must be sealed anew, too. */
    @Test
    void noSealedColumnIsForgotten() {
        assertThat(jdbc.sql("""
                                SELECT table_name || '.' || column_name FROM information_schema.columns
                                WHERE table_schema = 'public' AND data_type = 'bytea'""").query(String.class).list())
                .containsExactlyInAnyOrder(
                        "environment_secrets.ciphertext",
                        "environment_logs.ciphertext",
                        "log_streams.ciphertext",
                        "alert_targets.secret");
    }

    private static byte[] withoutKey(boolean really, byte[] sealed) {
        return really ? Arrays.copyOfRange(sealed, 6, sealed.length) : sealed;
    }

    private static InstallationKey key(int number) {
        var bytes = new byte[32];
        bytes[0] = (byte) number;
        return new InstallationKey(bytes);
    }

    private UUID environment() {
        var id = UUID.randomUUID();
        jdbc.sql("""
                        INSERT INTO users (username, email, password_hash) VALUES ('u', 'u@example.com', 'x')
                        ON CONFLICT DO NOTHING""").update();
        jdbc.sql("""
                        INSERT INTO environments (id, user_id, name, environment_type, deployment_mode, image, cpu, memory, gpu, storage, status)
                        SELECT ?, id, ?, 'desktop', 'docker', 'i', 1, 1073741824, 0, 1073741824, 'stopped' FROM users""").params(id, "e-" + id.toString().substring(0, 23)).update();
        return id;
    }

    private void secret(UUID id, String name, byte[] sealed) {
        jdbc.sql("INSERT INTO environment_secrets (environment_id, name, ciphertext) VALUES (?, ?, ?)")
                .params(id, name, sealed)
                .update();
    }

    private void target(long id, byte[] sealed) {
        jdbc.sql("INSERT INTO alert_targets (id, name, url, secret) VALUES (?, 'on-call', 'https://example.com', ?)")
                .params(id, sealed)
                .update();
    }

    private void log(UUID id, byte[] sealed) {
        jdbc.sql("INSERT INTO environment_logs (environment_id, ciphertext) VALUES (?, ?)")
                .params(id, sealed)
                .update();
    }
}
