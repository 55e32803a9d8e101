package io.remotegpu.db.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class InstallationIT {

    private static final String ONE = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final String ANOTHER = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.create().dataSource());

    @TempDir
    private Path folder;

    @Test
    void theFirstStartMakesAKeyAndLaterOnesFindIt() {
        var first = start(null);

        assertThat(start(null).fingerprint()).isEqualTo(first.fingerprint());
        assertThat(Files.exists(folder.resolve("installation.key"))).isTrue();
    }

    @Test
    void anEmptySettingIsNone() {
        assertThat(start("").fingerprint()).isEqualTo(start(null).fingerprint());
    }

    @Test
    void aKeyGivenBySettingWritesNoFile() {
        start(ONE);

        assertThat(start(ONE).fingerprint())
                .isEqualTo(InstallationKey.ofBase64(ONE).fingerprint());
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anotherKeyThanTheDatabasesIsRefusedWithARemedy() {
        var fingerprint = start(ONE).fingerprint();

        assertThatThrownBy(() -> start(ANOTHER))
                .isInstanceOf(InstallationKeyException.class)
                .hasMessageContaining(fingerprint)
                .hasMessageContaining("or use another database");
    }

    @Test
    void aLostKeyFileIsNotReplacedByANewKey() {
        start(ONE);

        assertThatThrownBy(() -> start(null))
                .isInstanceOf(InstallationKeyException.class)
                .hasMessageContaining(folder.resolve("installation.key").toString())
                .hasMessageContaining("remotegpu.installation.key");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void everyStartFindsTheSameIdentityAndAnotherDatabaseHasAnother() {
        var first = identity(jdbc);

        assertThat(identity(jdbc)).isEqualTo(first);
        assertThat(identity(JdbcClient.create(TestDatabase.create().dataSource())))
                .isNotEqualTo(first);
    }

    private InstallationIdentity identity(JdbcClient jdbc) {
        var configuration = new InstallationConfiguration();
        return configuration.installationIdentity(
                configuration.installationKey(new InstallationSettings(ONE, folder), jdbc), jdbc);
    }

    private InstallationKey start(String key) {
        return new InstallationConfiguration().installationKey(new InstallationSettings(key, folder), jdbc);
    }
}
