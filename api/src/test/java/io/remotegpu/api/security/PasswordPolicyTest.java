package io.remotegpu.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordPolicyTest {

    private final PasswordPolicy strict = policy(12, true);
    private final PasswordPolicy standalone = policy(6, false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password1234",
                "Password!!!!!",
                "p@ssw0rd12345",
                "123456789012",
                "qwertyuiopas",
                "aaaaaaaaaaaa",
                "abcabcabcabc",
                "adminadminadmin",
                "Welcome2024!!",
                "correcthorsebatterystaple"
            })
    void whatEverybodyTriesFirstIsRefused(String password) {
        assertThat(strict.fault(password, "someone")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"seven green tables", "xK9#mQ2$vL7n", "Fahrradkette-unter-Wasser", "密码很长很安全真的很好啊一二三"})
    void anythingElseOfTheRightLengthIsAccepted(String password) {
        assertThat(strict.fault(password, "someone")).isEmpty();
    }

    @Test
    void theWalkThroughsPasswordPassesWhereTheInstallationSaysSo() {
        assertThat(standalone.fault("123456", "test")).isEmpty();
        assertThat(standalone.fault("12345", "test")).isPresent();
        assertThat(strict.fault("123456", "test")).isPresent();
    }

    @Test
    void nothingThatBcryptWouldCutOffIsAccepted() {
        assertThat(standalone.fault("x7".repeat(36), "test")).isEmpty();
        assertThat(standalone.fault("x7".repeat(36) + "y", "test")).isPresent();
        assertThat(standalone.fault("ü".repeat(37), "test")).isPresent();
    }

    @Test
    void theUserNameIsNoPassword() {
        assertThat(standalone.fault("Tester", "tester")).isPresent();
    }

    private static PasswordPolicy policy(int length, boolean common) {
        return new PasswordPolicy(new SecurityProperties(
                true,
                Duration.ofHours(24),
                length,
                common,
                4,
                null,
                new SecurityProperties.Lockout(
                        5, 50, Duration.ofSeconds(2), Duration.ofMinutes(15), Duration.ofHours(1))));
    }
}
