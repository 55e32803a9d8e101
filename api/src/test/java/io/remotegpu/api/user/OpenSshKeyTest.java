package io.remotegpu.api.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OpenSshKeyTest {

    /** Made by ssh-keygen, whose {@code -l} printed the fingerprint. */
    private static final String ED25519 =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

    static Stream<String> goodKeys() {
        return Stream.of(
                ED25519,
                ED25519 + " me@laptop",
                "  " + ED25519 + "\tme at my laptop \n",
                line("ecdsa-sha2-nistp256", "nistp256", point(32)),
                line("ecdsa-sha2-nistp384", "nistp384", point(48)),
                line("ecdsa-sha2-nistp521", "nistp521", point(66)),
                line("sk-ssh-ed25519@openssh.com", new byte[32], "ssh:"),
                line("sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", point(32), "ssh:"),
                rsa(2048));
    }

    @ParameterizedTest
    @MethodSource("goodKeys")
    void aKeyOfAnAcceptedTypeIsReadAndPrintedAsOneLine(String text) {
        var key = OpenSshKey.parse(text);

        assertThat(key.line()).startsWith(key.type() + " AAAA").doesNotContain("\n", "\t");
        assertThat(key.fingerprint()).startsWith("SHA256:").hasSize(50);
        assertThat(OpenSshKey.parse(key.line())).isEqualTo(key);
    }

    @Test
    void theFingerprintIsTheOneThatOpenSshPrints() {
        assertThat(OpenSshKey.parse(ED25519).fingerprint())
                .isEqualTo("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
    }

    @Test
    void aKeyWithoutPaddingIsStoredAsOpenSshWritesIt() {
        var padded = line("ecdsa-sha2-nistp256", "nistp256", point(32));
        assertThat(padded).endsWith("=");

        assertThat(OpenSshKey.parse(padded.replace("=", "")).line()).isEqualTo(padded);
    }

    static Stream<Arguments> badKeys() {
        return Stream.of(
                Arguments.of("", "must be an OpenSSH public key"),
                Arguments.of("ssh-ed25519", "must be an OpenSSH public key"),
                Arguments.of("hello world", "cannot be decoded|not whole"),
                Arguments.of("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n", "private key"),
                Arguments.of("command=\"rm -rf /\" " + ED25519, "must be an OpenSSH public key"),
                Arguments.of("no-pty,from=\"*\" " + ED25519, "must be an OpenSSH public key"),
                Arguments.of(ED25519 + "\n" + ED25519, "one line"),
                Arguments.of(ED25519 + " a\rcommand=\"x\" " + ED25519, "one line"),
                Arguments.of(ED25519 + " \u0007", "control characters"),
                Arguments.of(ED25519.substring(0, 50), "not whole"),
                Arguments.of(ED25519.replace("ssh-ed25519", "ssh-rsa"), "of another type"),
                Arguments.of(line("ssh-ed25519", new byte[31]), "32 bytes"),
                Arguments.of(line("ssh-ed25519", new byte[32], "more"), "more in it"),
                Arguments.of(line("ssh-dss", new byte[32]), "not accepted"),
                Arguments.of(line("ecdsa-sha2-nistp256", "nistp384", point(48)), "another curve"),
                Arguments.of(line("ecdsa-sha2-nistp256", "nistp256", point(48)), "not a point"),
                Arguments.of(line("sk-ssh-ed25519@openssh.com", new byte[32]), "not whole"),
                Arguments.of(rsa(1024), "1024 bits"),
                Arguments.of(line("ssh-rsa", new byte[] {-1}, new byte[256]), "impossible"),
                Arguments.of("ssh-ed25519 " + "A".repeat(10_000), "longer than any key"),
                Arguments.of(
                        "ssh-ed25519 " + Base64.getEncoder().encodeToString(new byte[] {127, -1, -1, -1, 0}),
                        "not whole"));
    }

    @ParameterizedTest
    @MethodSource("badKeys")
    void whatIsNotOneWholeKeyIsRefusedWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> OpenSshKey.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s).*(" + reason + ").*");
    }

    private static byte[] point(int coordinate) {
        var point = new byte[1 + 2 * coordinate];
        point[0] = 4;
        return point;
    }

    private static String rsa(int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            var key = (RSAPublicKey) generator.generateKeyPair().getPublic();
            return line(
                    "ssh-rsa",
                    key.getPublicExponent().toByteArray(),
                    key.getModulus().toByteArray());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String line(String type, Object... parts) {
        var wire = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(wire)) {
            write(out, type.getBytes(StandardCharsets.US_ASCII));
            for (var part : parts) {
                write(out, part instanceof String text ? text.getBytes(StandardCharsets.US_ASCII) : (byte[]) part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return type + " " + Base64.getEncoder().encodeToString(wire.toByteArray());
    }

    private static void write(DataOutputStream out, byte[] part) throws IOException {
        out.writeInt(part.length);
        out.write(part);
    }
}
