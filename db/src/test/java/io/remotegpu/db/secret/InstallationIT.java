package io.remotegpu.db.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

class InstallationIT {

    private static final String ONE = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final String ANOTHER = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

    private final TestDatabase database = TestDatabase.create();
    private final JdbcClient jdbc = JdbcClient.create(database.dataSource());

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
    void aNewKeyReplacesTheOneBeforeAndTheInstallationKeepsItsName() {
        var before = start(ONE);

        var after = start(ANOTHER + "," + ONE);
        assertThat(after.ownFingerprint())
                .isEqualTo(InstallationKey.ofBase64(ANOTHER).ownFingerprint());
        assertThat(after.fingerprint()).isEqualTo(before.fingerprint());
        assertThat(after.others()).extracting(InstallationKey::id).containsExactly(before.id());
        assertThat(start(ANOTHER).fingerprint()).isEqualTo(before.fingerprint());
    }

    @Test
    void aKeyThatIsOnlyToBeReadWithIsNotWrittenWith() {
        assertThat(start(ONE).ownFingerprint())
                .isEqualTo(start(ONE + "," + ANOTHER).ownFingerprint());
    }

    /** A process that was told late still writes what all others can read, and never with the key of before. */
    @Test
    void aKeyThatWasReplacedNeverComesBack() {
        start(ONE);
        start(ANOTHER + "," + ONE);

        assertThat(start(ONE + "," + ANOTHER).ownFingerprint())
                .isEqualTo(InstallationKey.ofBase64(ANOTHER).ownFingerprint());
        assertThatThrownBy(() -> start(ONE))
                .isInstanceOf(InstallationKeyException.class)
                .hasMessageContaining(InstallationKey.ofBase64(ANOTHER).ownFingerprint())
                .hasMessageContaining("give both, the new one first");
    }

    @Test
    void aFileMayHaveSeveralKeysOneInEachLine() throws IOException {
        start(null);
        var file = folder.resolve("installation.key");
        var first = Files.readString(file);
        Files.writeString(file, ANOTHER + "\n" + first);

        var key = start(null);
        assertThat(key.ownFingerprint())
                .isEqualTo(InstallationKey.ofBase64(ANOTHER).ownFingerprint());
        assertThat(key.others()).hasSize(1);
    }

    @Test
    void everyStartFindsTheSameIdentityAndAnotherDatabaseHasAnother() {
        var first = identity(database);

        assertThat(identity(database)).isEqualTo(first);
        assertThat(identity(TestDatabase.create())).isNotEqualTo(first);
    }

    private InstallationIdentity identity(TestDatabase of) {
        return new InstallationConfiguration().installationIdentity(start(of, ONE), JdbcClient.create(of.dataSource()));
    }

    private InstallationKey start(String key) {
        return start(database, key);
    }

    private InstallationKey start(TestDatabase of, String key) {
        return new InstallationConfiguration()
                .installationKey(
                        new InstallationSettings(key, folder),
                        JdbcClient.create(of.dataSource()),
                        new JdbcTransactionManager(of.dataSource()));
    }
}
