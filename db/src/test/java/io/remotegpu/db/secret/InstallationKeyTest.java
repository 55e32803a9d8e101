package io.remotegpu.db.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.Together;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationKeyTest {

    private static final InstallationKey KEY = new InstallationKey(new byte[32]);

    @TempDir
    private Path folder;

    @Test
    void keysAreDerivedByHkdfSoThatTheyStayTheSameForEver() {
        assertThat(HexFormat.of().formatHex(KEY.derive("jwt"))).hasSize(64).isEqualTo(hex(KEY.derive("jwt")));
        assertThat(KEY.derive("jwt")).isNotEqualTo(KEY.derive("secrets"));
        assertThat(hex(KEY.derive("secrets"))).isEqualTo(SECRETS_OF_ZERO);
        assertThat(KEY.fingerprint()).hasSize(32);
        assertThat(KEY).asString().doesNotContain("0000000000");
    }

    /** By Python's hmac: extract with a salt of 32 zero bytes, then expand "remotegpu/secrets". */
    private static final String SECRETS_OF_ZERO = "0c83baccd3328b12c5342cf7a073ac31859d1b0d205aae6d461a9e5e7597c36b";

    @Test
    void aKeyOfAnotherLengthOrAlphabetIsRefusedWithARemedy() {
        assertThatThrownBy(() -> InstallationKey.ofBase64("c2hvcnQ="))
                .isInstanceOf(InstallationKeyException.class)
                .hasMessageContaining("32 bytes", "head -c 32");
        assertThatThrownBy(() -> InstallationKey.ofBase64("*"))
                .isInstanceOf(InstallationKeyException.class)
                .hasMessageContaining("Base64");
    }

    @Test
    void theFileIsMadeOnceAndForItsOwnerAlone() throws IOException {
        var file = KeyFile.in(folder.resolve("new"));
        assertThat(file.read()).isEmpty();

        var made = file.create();

        assertThat(file.read().getFirst().fingerprint()).isEqualTo(made.fingerprint());
        assertThat(file.create().fingerprint()).isEqualTo(made.fingerprint());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder.resolve("new"))) {
            assertThat(files).containsExactly(file.path());
        }
    }

    @Test
    void processesThatStartTogetherAgreeOnOneKey() throws InterruptedException {
        var file = KeyFile.in(folder);
        Callable<String> create = () -> file.create().fingerprint();

        var outcomes = Together.run(Collections.nCopies(16, create));

        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.failure()).isNull());
        assertThat(outcomes.stream().map(Together.Outcome::result).distinct()).hasSize(1);
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        Files.writeString(folder.resolve("installation.key"), "half");

        assertThatThrownBy(() -> KeyFile.in(folder).read()).isInstanceOf(InstallationKeyException.class);
        Files.writeString(folder.resolve("installation.key"), "\n");
        assertThatThrownBy(() -> KeyFile.in(folder).read())
                .isInstanceOf(InstallationKeyException.class)
                .hasMessageContaining("has no key in it");
        assertThat(Base64.getDecoder().decode("half")).hasSize(3);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
