package io.remotegpu.db.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SecretBoxTest {

    private final SecretBox box = new SecretBox(new byte[32]);

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

        assertThatThrownBy(() -> new SecretBox(otherKey).open("a", sealed))
                .isInstanceOf(InstallationKeyException.class);
        sealed[sealed.length - 1] ^= 1;
        assertThatThrownBy(() -> box.open("a", sealed)).isInstanceOf(InstallationKeyException.class);
        assertThatThrownBy(() -> box.open("a", new byte[3])).isInstanceOf(InstallationKeyException.class);
    }
}
