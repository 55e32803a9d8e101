package io.remotegpu.db.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SecretBoxTest {

    private final SecretBox box = new SecretBox(new InstallationKey(new byte[32]));

    @Test
    void whatIsSealedOpensAtItsPlaceOnly() {
        var sealed = box.seal("env/password", "geheim ä");

        assertThat(box.open("env/password", sealed)).isEqualTo("geheim ä");
        assertThatThrownBy(() -> box.open("other/password", sealed)).isInstanceOf(InstallationKeyException.class);
    }

    @Test
    void theSameSecretIsNeverSealedTheSameWay() {
        assertThat(box.seal("a", "b")).isNotEqualTo(box.seal("a", "b"));
    }

    @Test
    void anotherKeyOrAChangedByteDoesNotOpen() {
        var sealed = box.seal("a", "b");
        var otherKey = new byte[32];
        otherKey[0] = 1;

        assertThatThrownBy(() -> new SecretBox(new InstallationKey(otherKey)).open("a", sealed))
                .isInstanceOf(InstallationKeyException.class);
        sealed[sealed.length - 1] ^= 1;
        assertThatThrownBy(() -> box.open("a", sealed)).isInstanceOf(InstallationKeyException.class);
        assertThatThrownBy(() -> box.open("a", new byte[3])).isInstanceOf(InstallationKeyException.class);
    }

    @Test
    void whatWasSealedBeforeKeysCouldBeReplacedStillOpens() {
        // Of the key of zeros, in the form of version 1: nonce, then ciphertext.
        var sealed =
                HexFormat.of().parseHex("99170fbb183477a35a94c9bf3f9e998b93f986648b38d38c3c9b2c94aa642b8a08072aa417");

        assertThat(box.open("env/password", sealed)).isEqualTo("geheim ä");
    }
}
