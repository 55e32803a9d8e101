package io.remotegpu.db.secret;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts small secrets for the database: AES-256-GCM, a random nonce each, bound to the place they are kept at. */
public final class SecretBox {

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;

    SecretBox(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /**
     * The nonce and the ciphertext.
     *
     * @param context where it will be kept; the same is needed to open it
     */
    public byte[] seal(String context, String secret) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var ciphertext =
                    cipher(Cipher.ENCRYPT_MODE, context, nonce).doFinal(secret.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.allocate(NONCE_BYTES + ciphertext.length)
                    .put(nonce)
                    .put(ciphertext)
                    .array();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * What {@link #seal} sealed in that context.
     *
     * @throws InstallationKeyException when it was sealed with another key, for another place, or was changed
     */
    public String open(String context, byte[] sealed) {
        try {
            var nonce = new byte[NONCE_BYTES];
            var rest = ByteBuffer.wrap(sealed).get(nonce);
            var ciphertext = new byte[rest.remaining()];
            rest.get(ciphertext);
            return new String(cipher(Cipher.DECRYPT_MODE, context, nonce).doFinal(ciphertext), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | BufferUnderflowException failure) {
            throw new InstallationKeyException(
                    "the secret of " + context
                            + " cannot be decrypted: it was written with another installation key, or changed",
                    failure);
        }
    }

    private Cipher cipher(int mode, String context, byte[] nonce) throws GeneralSecurityException {
        var cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
