package io.remotegpu.db.secret;

import java.util.Optional;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class InstallationConfiguration {

    /** The key, checked against the database, so that no process ever writes what the others cannot read. */
    @Bean
    InstallationKey installationKey(InstallationSettings settings, JdbcClient jdbc) {
        var file = KeyFile.in(settings.keyFolder());
        var known = fingerprint(jdbc);
        var given = settings.key() == null ? file.read() : Optional.of(InstallationKey.ofBase64(settings.key()));
        if (given.isEmpty() && known.isPresent()) {
            throw new InstallationKeyException(
                    "this database belongs to an installation key that is not here: put it to "
                            + file.path().toAbsolutePath()
                            + " or set remotegpu.installation.key (fingerprint " + known.get() + ")");
        }
        var key = given.orElseGet(file::create);
        jdbc.sql("INSERT INTO installation (id, key_fingerprint) VALUES (1, ?) ON CONFLICT DO NOTHING")
                .param(key.fingerprint())
                .update();
        var stored = fingerprint(jdbc).orElseThrow();
        if (!stored.equals(key.fingerprint())) {
            throw new InstallationKeyException("the installation key "
                    + (settings.key() == null ? file.path().toAbsolutePath() : "given by setting")
                    + " is not the one of this database: give it the key with fingerprint " + stored
                    + " (this one has " + key.fingerprint() + "), or use another database");
        }
        return key;
    }

    /** @param key whose making writes the installation down */
    @Bean
    InstallationIdentity installationIdentity(InstallationKey key, JdbcClient jdbc) {
        return jdbc.sql("SELECT identity FROM installation")
                .query((row, _) -> new InstallationIdentity(row.getObject("identity", UUID.class)))
                .single();
    }

    @Bean
    SecretBox secretBox(InstallationKey key) {
        return new SecretBox(key.derive("secrets"));
    }

    private static Optional<String> fingerprint(JdbcClient jdbc) {
        return jdbc.sql("SELECT key_fingerprint FROM installation")
                .query(String.class)
                .optional();
    }
}
