package io.remotegpu.temporal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A key for payloads: AES-256-GCM, with a fresh random nonce before each ciphertext. */
final class PayloadKey {

    static final int LENGTH = 32;

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE = 12;
    private static final int TAG = 16;
    private static final int ID = 4;

    private final SecureRandom random = new SecureRandom();
    private final String id;
    private final SecretKey key;

    /** @param secret {@value #LENGTH} bytes */
    PayloadKey(byte[] secret) {
        // Derived, so that neither tells anything of the other, and whatever else the secret is used for.
        id = HexFormat.of().formatHex(derive(secret, "id", ID));
        key = new SecretKeySpec(derive(secret, "key", LENGTH), "AES");
    }

    /** Tells keys apart without telling anything of them. */
    String id() {
        return id;
    }

    byte[] encrypt(byte[] plain) {
        var nonce = new byte[NONCE];
        random.nextBytes(nonce);
        var sealed = Arrays.copyOf(nonce, NONCE + plain.length + TAG);
        try {
            cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain, 0, plain.length, sealed, NONCE);
            return sealed;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK lacks " + CIPHER, impossible);
        }
    }

    /** @throws GeneralSecurityException when it was not encrypted with this key, or was changed since */
    byte[] decrypt(byte[] sealed) throws GeneralSecurityException {
        if (sealed.length < NONCE + TAG) {
            throw new GeneralSecurityException("it is too short");
        }
        return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE)).doFinal(sealed, NONCE, sealed.length - NONCE);
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        var cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG * Byte.SIZE, nonce));
        cipher.updateAAD(id.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static byte[] derive(byte[] secret, String purpose, int length) {
        try {
            var parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(secret)
                    .thenExpand(("remotegpu/temporal/" + purpose).getBytes(StandardCharsets.UTF_8), length);
            return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK lacks HKDF-SHA256: run on JDK 25 or newer", impossible);
        }
    }

    @Override
    public String toString() {
        return "PayloadKey[" + id + "]";
    }
}
