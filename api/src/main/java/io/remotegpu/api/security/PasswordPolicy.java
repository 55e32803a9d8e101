package io.remotegpu.api.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Which passwords are accepted. */
@Component
public class PasswordPolicy {

    // bcrypt reads no further; a longer password would seem to matter and would not.
    private static final int LONGEST_BYTES = 72;
    private static final String SEQUENCES =
            "01234567890123456789 98765432109876543210 abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm";

    private final int shortest;
    private final Set<String> common;

    PasswordPolicy(SecurityProperties settings) {
        this.shortest = settings.passwordMinLength();
        this.common = settings.commonPasswords() ? commonPasswords() : Set.of();
    }

    /** What is wrong with the password, or empty. */
    public Optional<String> fault(String password, String username) {
        if (password.codePointCount(0, password.length()) < shortest) {
            return Optional.of("must have at least " + shortest + " characters");
        }
        if (password.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
            return Optional.of("must have at most " + LONGEST_BYTES + " bytes in UTF-8");
        }
        if (password.equalsIgnoreCase(username)) {
            return Optional.of("must not be the user name");
        }
        if (!common.isEmpty() && isCommon(password.toLowerCase(Locale.ROOT))) {
            return Optional.of("is one that everybody tries first: choose another");
        }
        return Optional.empty();
    }

    /** Common words with digits or signs around them count as common, and so do runs and repetitions. */
    private boolean isCommon(String password) {
        var core = password.replace('@', 'a')
                .replace('$', 's')
                .replaceAll("[^a-z]+$", "")
                .replaceAll("^[^a-z]+", "")
                .replace('0', 'o')
                .replace('1', 'i')
                .replace('3', 'e');
        return common.contains(password)
                || common.contains(core)
                || password.chars().distinct().count() <= 3
                || SEQUENCES.contains(password)
                || repeats(password);
    }

    private boolean repeats(String password) {
        for (int length = 1; length <= password.length() / 2; length++) {
            if (password.length() % length == 0
                    && password.substring(0, length)
                            .repeat(password.length() / length)
                            .equals(password)) {
                return common.contains(password.substring(0, length)) || length <= 4;
            }
        }
        return false;
    }

    private static Set<String> commonPasswords() {
        try (var lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(PasswordPolicy.class.getResourceAsStream("common-passwords.txt")),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
