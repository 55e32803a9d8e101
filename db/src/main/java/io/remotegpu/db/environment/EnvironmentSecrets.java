package io.remotegpu.db.environment;

import io.remotegpu.db.secret.SecretBox;
import io.remotegpu.drivers.spi.EnvironmentType;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What opens an environment's services; encrypted in its rows, and gone once it is deleted. */
@Component
public class EnvironmentSecrets {

    /** 48 hexadecimal characters; where the type has Jupyter. */
    public static final String JUPYTER_TOKEN = "jupyter_token";

    /** 8 characters, VNC's limit; where the type has RDP and VNC. */
    public static final String PASSWORD = "password";

    /** Without characters that people take for one another. */
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private static final int PASSWORD_LENGTH = 8;
    private static final int TOKEN_BYTES = 24;

    private final SecureRandom random = new SecureRandom();
    private final JdbcClient jdbc;
    private final SecretBox box;

    EnvironmentSecrets(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    /** The secret in clear, where the environment has one of that name. */
    public Optional<String> read(UUID id, String name) {
        return jdbc.sql("SELECT ciphertext FROM environment_secrets WHERE environment_id = ? AND name = ?")
                .params(id, name)
                .query(byte[].class)
                .optional()
                .map(ciphertext -> open(id, name, ciphertext));
    }

    String open(UUID id, String name, byte[] ciphertext) {
        return box.open(context(id, name), ciphertext);
    }

    void generate(UUID id, EnvironmentType type) {
        boolean token = false;
        boolean password = false;
        for (var service : type.services()) {
            switch (service) {
                case JUPYTER -> token = true;
                case RDP, VNC -> password = true;
                case SSH, TENSORBOARD -> {}
            }
        }
        if (token) {
            write(id, JUPYTER_TOKEN, newToken());
        }
        if (password) {
            write(id, PASSWORD, newPassword());
        }
    }

    private void write(UUID id, String name, String secret) {
        jdbc.sql("INSERT INTO environment_secrets (environment_id, name, ciphertext) VALUES (?, ?, ?)")
                .params(id, name, box.seal(context(id, name), secret))
                .update();
    }

    /** Binds a ciphertext to its place: moved to another row it does not open. */
    private static String context(UUID id, String name) {
        return id + "/" + name;
    }

    private String newToken() {
        var bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private String newPassword() {
        var password = new StringBuilder();
        for (int i = 0; i < PASSWORD_LENGTH; i++) {
            password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }
}
