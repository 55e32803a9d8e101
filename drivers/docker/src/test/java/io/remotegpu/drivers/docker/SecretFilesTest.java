package io.remotegpu.drivers.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.Credentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

class SecretFilesTest {

    @Test
    void eachSecretIsAFileOfTheUserAlone() throws IOException {
        assertThat(entries(new Credentials(List.of("ssh-ed25519 A one", "ssh-rsa B two"), "token", "password")))
                .containsExactly(
                        "authorized_keys 400 1000:1000 ssh-ed25519 A one\nssh-rsa B two\n",
                        "jupyter-token 400 1000:1000 token",
                        "password 400 1000:1000 password");
    }

    @Test
    void withoutKeysNobodyMayLogIn() throws IOException {
        assertThat(entries(new Credentials(List.of(), null, null))).containsExactly("authorized_keys 400 1000:1000 ");
    }

    private static List<String> entries(Credentials credentials) throws IOException {
        List<String> entries = new ArrayList<>();
        try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(SecretFiles.tar(credentials)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.add("%s %o %d:%d %s"
                        .formatted(
                                entry.getName(),
                                entry.getMode() & 0777,
                                entry.getLongUserId(),
                                entry.getLongGroupId(),
                                new String(tar.readAllBytes(), StandardCharsets.UTF_8)));
            }
        }
        return entries;
    }
}
