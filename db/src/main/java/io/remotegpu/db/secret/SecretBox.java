package io.remotegpu.db.secret;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts small secrets for the database: AES-256-GCM, a random nonce each, bound to the place they are kept at. Before the
 * nonce stands which of the installation's keys it was.
 */
public final class SecretBox {

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /** What was sealed before keys could be replaced begins with its nonce: any bytes at all, so both are tried. */
    private static final byte[] MARK = {'k', 1};

    private final SecureRandom random = new SecureRandom();
    private final byte[] prefix;
    private final List<Key> keys;

    /** @param prefix of what was sealed with it */
    private record Key(byte[] prefix, SecretKeySpec key) {

        static Key of(InstallationKey key) {
            var id = HexFormat.of().parseHex(key.id());
            return new Key(
                    ByteBuffer.allocate(MARK.length + id.length)
                            .put(MARK)
                            .put(id)
                            .array(),
                    new SecretKeySpec(key.derive("secrets"), "AES"));
        }

        boolean isSaidBy(byte[] sealed) {
            return sealed.length > prefix.length && Arrays.equals(prefix, 0, prefix.length, sealed, 0, prefix.length);
        }
    }

    SecretBox(InstallationKey key) {
        keys = Stream.concat(Stream.of(key), key.others().stream()).map(Key::of).toList();
        prefix = keys.getFirst().prefix();
    }

    /** How everything begins that was sealed with the current key. */
    byte[] prefix() {
        return prefix.clone();
    }

    /**
     * Which key, the nonce and the ciphertext.
     *
     * @param context where it will be kept; the same is needed to open it
     */
    public byte[] seal(String context, String secret) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var ciphertext = cipher(Cipher.ENCRYPT_MODE, keys.getFirst().key(), context, nonce)
                    .doFinal(secret.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.allocate(prefix.length + NONCE_BYTES + ciphertext.length)
                    .put(prefix)
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
     * @throws InstallationKeyException when it was sealed with a key that is not here, for another place, or was changed
     */
    public String open(String context, byte[] sealed) {
        for (var key : keys) {
            if (key.isSaidBy(sealed)) {
                var opened = open(key.key(), context, sealed, key.prefix().length);
                if (opened.isPresent()) {
                    return opened.get();
                }
            }
        }
        return keys.stream()
                .flatMap(key -> open(key.key(), context, sealed, 0).stream())
                .findFirst()
                .orElseThrow(() -> new InstallationKeyException("the secret of " + context
                        + " cannot be decrypted: it was written with another installation key, or changed"));
    }

    private static Optional<String> open(SecretKeySpec key, String context, byte[] sealed, int from) {
        try {
            var nonce = new byte[NONCE_BYTES];
            var rest = ByteBuffer.wrap(sealed, from, sealed.length - from).get(nonce);
            var ciphertext = new byte[rest.remaining()];
            rest.get(ciphertext);
            return Optional.of(new String(
                    cipher(Cipher.DECRYPT_MODE, key, context, nonce).doFinal(ciphertext), StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | BufferUnderflowException failure) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, String context, byte[] nonce)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
