package io.remotegpu.db.secret;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class InstallationConfiguration {

    /** The key, checked against the database; made where there is neither. */
    @Bean
    InstallationKey installationKey(
            InstallationSettings settings, JdbcClient jdbc, PlatformTransactionManager transactions) {
        var file = KeyFile.in(settings.keyFolder());
        var given = settings.key() == null ? file.read() : InstallationKeys.parse(settings.key());
        var keys = new InstallationKeys(
                jdbc, settings.key() == null ? file.path().toAbsolutePath().toString() : "given by setting");
        if (given.isEmpty()) {
            keys.known().ifPresent(fingerprint -> {
                throw new InstallationKeyException(
                        "this database belongs to an installation key that is not here: put it to "
                                + file.path().toAbsolutePath()
                                + " or set remotegpu.installation.key (fingerprint " + fingerprint + ")");
            });
        }
        var all = given.isEmpty() ? List.of(file.create()) : given;
        return Objects.requireNonNull(new TransactionTemplate(transactions).execute(_ -> keys.agree(all)));
    }

    /** @param key whose making writes the installation down */
    @Bean
    InstallationIdentity installationIdentity(InstallationKey key, JdbcClient jdbc) {
        return jdbc.sql("SELECT identity FROM installation")
                .query((row, _) -> new InstallationIdentity(row.getObject("identity", UUID.class)))
                .single();
    }

    /** Opens what any of the keys has sealed; what another than the current one has is sealed anew before it is used. */
    @Bean
    SecretBox secretBox(InstallationKey key, JdbcClient jdbc) {
        var box = new SecretBox(key);
        new SealedAnew(jdbc, box, SealedAnew.AT_ONCE).all();
        return box;
    }
}
