package io.remotegpu.db.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The one secret of an installation, 32 random bytes, from which every other key is derived. All processes on one
 * database have the same. It can be replaced: then those before it are here, too, as long as they are needed to read.
 */
public final class InstallationKey {

    static final int LENGTH = 32;

    private static final int FINGERPRINT_LENGTH = 16;

    private static final int ID_LENGTH = 8;

    private final byte[] key;
    private final List<InstallationKey> others;
    private final @Nullable String installation;

    InstallationKey(byte[] key) {
        this(key, List.of(), null);
    }

    private InstallationKey(byte[] key, List<InstallationKey> others, @Nullable String installation) {
        if (key.length != LENGTH) {
            throw new InstallationKeyException("the installation key must be " + LENGTH + " bytes, but is " + key.length
                    + ": make one with 'head -c 32 /dev/urandom | base64'");
        }
        this.key = key.clone();
        this.others = List.copyOf(others);
        this.installation = installation;
    }

    /**
     * The same key, as the one that an installation writes with.
     *
     * @param others those that it can read with besides
     * @param installation the fingerprint of its very first key
     */
    InstallationKey of(List<InstallationKey> others, String installation) {
        return new InstallationKey(key, others, installation);
    }

    /** Those keys besides this one of which something may still be there to be read. */
    public List<InstallationKey> others() {
        return others;
    }

    /** Tells the keys of an installation apart, in what was written with them. */
    public String id() {
        return ownFingerprint().substring(0, ID_LENGTH);
    }

    /** The key of that Base64 text. */
    public static InstallationKey ofBase64(String text) {
        try {
            return new InstallationKey(Base64.getDecoder().decode(text.strip()));
        } catch (IllegalArgumentException notBase64) {
            throw new InstallationKeyException(
                    "the installation key is not Base64: make one with 'head -c 32 /dev/urandom | base64'", notBase64);
        }
    }

    /**
     * A key of 32 bytes for one purpose: the same each time, and telling nothing of the others.
     *
     * @param purpose {@code "jwt"}, {@code "secrets"}
     */
    public byte[] derive(String purpose) {
        return derive(purpose, LENGTH);
    }

    /** Names the installation, for ever: the fingerprint of its first key, whatever key it has now. */
    public String fingerprint() {
        return installation == null ? ownFingerprint() : installation;
    }

    /** Tells keys apart without telling anything of them. */
    String ownFingerprint() {
        return HexFormat.of().formatHex(derive("fingerprint", FINGERPRINT_LENGTH));
    }

    private byte[] derive(String purpose, int length) {
        try {
            var parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(key)
                    .thenExpand(("remotegpu/" + purpose).getBytes(StandardCharsets.UTF_8), length);
            return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK lacks HKDF-SHA256: run on JDK 25 or newer", impossible);
        }
    }

    @Override
    public String toString() {
        return "InstallationKey[" + ownFingerprint() + "]";
    }
}
