package io.remotegpu.db.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The one secret of an installation, 32 random bytes, from which every other key is derived. All processes on one
 * database have the same.
 */
public final class InstallationKey {

    static final int LENGTH = 32;

    private static final int FINGERPRINT_LENGTH = 16;

    private final byte[] key;

    InstallationKey(byte[] key) {
        if (key.length != LENGTH) {
            throw new InstallationKeyException("the installation key must be " + LENGTH + " bytes, but is " + key.length
                    + ": make one with 'head -c 32 /dev/urandom | base64'");
        }
        this.key = key.clone();
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

    /** Tells keys apart without telling anything of them. */
    public String fingerprint() {
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
        return "InstallationKey[" + fingerprint() + "]";
    }
}
