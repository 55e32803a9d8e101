package io.remotegpu.temporal;

import io.remotegpu.temporal.TemporalSettings.Encryption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the keys that a process was given, in their order. */
final class PayloadKeys {

    private static final Pattern BETWEEN = Pattern.compile("[\\s,]+");
    private static final String MAKE_ONE = "make one with 'head -c 32 /dev/urandom | base64'";

    /**
     * By their ids; none where none are set.
     *
     * @throws TemporalSettingException when they cannot be read, or encryption is wanted without any
     */
    static Map<String, PayloadKey> of(Encryption settings) {
        Path file = settings.keyFile();
        if (file != null) {
            return read(file);
        }
        if (settings.enabled()) {
            throw new TemporalSettingException("remotegpu.temporal.encryption.enabled wants a key: " + MAKE_ONE
                    + ", give every process and agent the same file, and name it with " + Encryption.KEY_FILE);
        }
        return Map.of();
    }

    private static Map<String, PayloadKey> read(Path file) {
        var keys = new LinkedHashMap<String, PayloadKey>();
        try {
            BETWEEN.splitAsStream(Files.readString(file).strip())
                    .filter(text -> !text.isEmpty())
                    .map(text -> key(file, text))
                    .forEach(key -> keys.put(key.id(), key));
        } catch (IOException unreadable) {
            throw new TemporalSettingException(
                    Encryption.KEY_FILE + " names " + file.toAbsolutePath() + ", which cannot be read (" + unreadable
                            + "): put the file of the other processes there, readable for this one",
                    unreadable);
        }
        if (keys.isEmpty()) {
            throw new TemporalSettingException(Encryption.KEY_FILE + " names " + file.toAbsolutePath()
                    + ", which has no key in it: put the file of the other processes there, or " + MAKE_ONE);
        }
        return keys;
    }

    private static PayloadKey key(Path file, String text) {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw new TemporalSettingException(
                    "a key in " + file.toAbsolutePath() + " (" + Encryption.KEY_FILE + ") is not Base64: " + MAKE_ONE,
                    notBase64);
        }
        if (secret.length != PayloadKey.LENGTH) {
            throw new TemporalSettingException("a key in " + file.toAbsolutePath() + " (" + Encryption.KEY_FILE
                    + ") has " + secret.length + " bytes, not " + PayloadKey.LENGTH + ": " + MAKE_ONE);
        }
        return new PayloadKey(secret);
    }

    private PayloadKeys() {}
}
