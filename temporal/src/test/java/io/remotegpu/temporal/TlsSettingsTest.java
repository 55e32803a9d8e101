package io.remotegpu.temporal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.temporal.TemporalSettings.Encryption;
import io.remotegpu.temporal.TemporalSettings.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of TLS that cannot be meant. */
class TlsSettingsTest {

    @TempDir
    Path folder;

    @Test
    void oneOfCertificateAndKeyIsNotEnough() {
        assertRefused(
                new Tls(true, Path.of("a.crt"), null, null, null), "only remotegpu.temporal.tls.certificate is set");
        assertRefused(new Tls(true, null, Path.of("a.key"), null, null), "only remotegpu.temporal.tls.key is set");
    }

    @Test
    void whatIsSetButSwitchedOffIsNotLeftOutSilently() {
        assertRefused(new Tls(false, null, null, Path.of("ca.crt"), null), "remotegpu.temporal.tls.ca is set");
        assertRefused(new Tls(false, null, null, null, "x"), "set remotegpu.temporal.tls.enabled, too");
    }

    @Test
    void filesThatAreMissingAreNamedWithTheirSetting() {
        var missing = folder.resolve("missing");
        assertRefused(
                new Tls(true, missing, missing, null, null), "remotegpu.temporal.tls.certificate names " + missing);
        assertRefused(new Tls(true, null, null, missing, null), "remotegpu.temporal.tls.ca names " + missing);
    }

    @Test
    void filesThatAreSomethingElseAreNamedWithTheirSetting() throws Exception {
        var text = Files.writeString(folder.resolve("text"), "no certificate");
        assertRefused(new Tls(true, text, text, null, null), "remotegpu.temporal.tls.key (" + text);
        assertRefused(new Tls(true, null, null, text, null), "remotegpu.temporal.tls.ca (" + text);
    }

    @Test
    void variablesThatAreSetToNothingAreNone() {
        assertThatCode(() -> options(new Tls(false, Path.of(""), Path.of(""), Path.of(""), " ")))
                .doesNotThrowAnyException();
    }

    private static void assertRefused(Tls tls, String words) {
        assertThatThrownBy(() -> options(tls))
                .isInstanceOf(TemporalSettingException.class)
                .hasMessageContaining(words);
    }

    private static void options(Tls tls) {
        TemporalConnections.options(new TemporalSettings("127.0.0.1:1", "default", tls, new Encryption(false, null)));
    }
}
