package io.remotegpu.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.remotegpu.temporal.TemporalSettings.Encryption;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.failure.ApplicationFailure;
import io.temporal.payload.codec.PayloadCodecException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Temporal gets to see, with and without encryption, and who can read it. */
class PayloadEncryptionTest {

    private static final String FIRST = key('1');
    private static final String SECOND = key('2');
    private static final Map<String, String> VALUE = Map.of("image", "registry.example.com/secret-project:7");

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenCannotBeReadAndComesBackWithTheKey() throws Exception {
        var process = process(true, FIRST);
        var payload = process.toPayload(VALUE).orElseThrow();

        assertThat(payload.getData().toString(StandardCharsets.ISO_8859_1))
                .doesNotContain("secret-project", "json/plain");
        assertThat(payload.getMetadataOrThrow("encoding").toStringUtf8()).isEqualTo("binary/encrypted");
        assertThat(read(process, payload)).isEqualTo(VALUE);
    }

    @Test
    void theSameValueLooksDifferentEachTime() throws Exception {
        var process = process(true, FIRST);
        assertThat(process.toPayload(VALUE)).isNotEqualTo(process.toPayload(VALUE));
    }

    @Test
    void aValueThatIsNullComesBackAsNull() throws Exception {
        var process = process(true, FIRST);
        var payload = process.toPayload(null).orElseThrow();
        assertThat(payload.getMetadataOrThrow("encoding").toStringUtf8()).isEqualTo("binary/encrypted");
        assertThat(process.fromPayload(payload, String.class, String.class)).isNull();
    }

    @Test
    void whatAFailureSaysAndWhereIsEncryptedToo() throws Exception {
        var process = process(true, FIRST);
        var failure = process.exceptionToFailure(ApplicationFailure.newFailure(
                "no image secret-project", "IMAGE_NOT_FOUND", "details of secret-project"));

        assertThat(failure.toString())
                .doesNotContain("secret-project", getClass().getSimpleName());
        // What decides about retries stays readable for Temporal.
        assertThat(failure.getApplicationFailureInfo().getType()).isEqualTo("IMAGE_NOT_FOUND");
        var read = (ApplicationFailure) process.failureToException(failure);
        assertThat(read.getOriginalMessage()).isEqualTo("no image secret-project");
        assertThat(read.getDetails().get(0, String.class)).isEqualTo("details of secret-project");
        assertThat(read.getStackTrace())
                .extracting(StackTraceElement::getClassName)
                .contains(getClass().getName());
    }

    @Test
    void offNothingIsEncrypted() throws Exception {
        var plain = DefaultDataConverter.newDefaultInstance();
        assertThat(TemporalConnections.payloads(new Encryption(false, null)).toPayload(VALUE))
                .isEqualTo(plain.toPayload(VALUE));
        assertThat(process(false, FIRST).toPayload(VALUE)).isEqualTo(plain.toPayload(VALUE));
    }

    @Test
    void whatWasWrittenBeforeItWasSwitchedOnCanBeReadAfter() throws Exception {
        var before = TemporalConnections.payloads(new Encryption(false, null));
        assertThat(read(process(true, FIRST), before.toPayload(VALUE).orElseThrow()))
                .isEqualTo(VALUE);
    }

    @Test
    void switchedOffAProcessThatHasTheKeyStillReads() throws Exception {
        var payload = process(true, FIRST).toPayload(VALUE).orElseThrow();
        assertThat(read(process(false, FIRST), payload)).isEqualTo(VALUE);
    }

    @Test
    void aKeyIsReplacedByGivingTheNewOneAsAFurtherOneFirst() throws Exception {
        var old = process(true, FIRST);
        var both = process(true, FIRST, SECOND);
        var replaced = process(true, SECOND, FIRST);

        assertThat(read(old, both.toPayload(VALUE).orElseThrow())).isEqualTo(VALUE);
        assertThat(read(both, replaced.toPayload(VALUE).orElseThrow())).isEqualTo(VALUE);
        assertThat(read(replaced, old.toPayload(VALUE).orElseThrow())).isEqualTo(VALUE);
        assertThat(read(process(true, SECOND), replaced.toPayload(VALUE).orElseThrow()))
                .isEqualTo(VALUE);
    }

    @Test
    void whoeverLacksTheKeySaysWhichAndWhatToDo() throws Exception {
        var payload = process(true, FIRST).toPayload(VALUE).orElseThrow();
        var id = payload.getMetadataOrThrow("encryption-key-id").toStringUtf8();

        assertThatThrownBy(() -> read(process(true, SECOND), payload))
                .isInstanceOf(PayloadCodecException.class)
                .hasMessageContaining("'" + id + "'")
                .hasMessageContaining("remotegpu.temporal.encryption.key-file");
        assertThatThrownBy(() -> read(TemporalConnections.payloads(new Encryption(false, null)), payload))
                .isInstanceOf(PayloadCodecException.class)
                .hasMessageContaining("it has none");
    }

    @Test
    void whatWasChangedInTemporalIsRefused() throws Exception {
        var process = process(true, FIRST);
        var payload = process.toPayload(VALUE).orElseThrow();
        var bytes = payload.getData().toByteArray();
        bytes[bytes.length / 2] ^= 1;

        assertThatThrownBy(() -> read(process, with(payload, bytes)))
                .isInstanceOf(PayloadCodecException.class)
                .hasMessageContaining("somebody changed it");
        assertThatThrownBy(() -> read(process, with(payload, new byte[3])))
                .isInstanceOf(PayloadCodecException.class)
                .hasMessageContaining("somebody changed it");
    }

    @Test
    void theKeyStandsNowhere() throws Exception {
        var key = new PayloadKey(Base64.getDecoder().decode(FIRST));
        assertThat(key.toString()).isEqualTo("PayloadKey[" + key.id() + "]");
        assertThat(FIRST).doesNotContain(key.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "not Base64!", "c2hvcnQ="})
    void aFileWithoutAKeyIsRefusedAndSaysHowToMakeOne(String content) throws Exception {
        var file = Files.writeString(folder.resolve("bad.key"), content);
        assertThatThrownBy(() -> TemporalConnections.payloads(new Encryption(true, file)))
                .isInstanceOf(TemporalSettingException.class)
                .hasMessageContaining("remotegpu.temporal.encryption.key-file")
                .hasMessageContaining("head -c 32 /dev/urandom | base64");
    }

    @ParameterizedTest
    @CsvSource({"true, missing.key", "false, missing.key", "true, ''", "true,"})
    void encryptionWithoutAReadableFileIsRefused(boolean enabled, String file) {
        var path = file == null ? null : file.isEmpty() ? Path.of("") : folder.resolve(file);
        assertThatThrownBy(() -> TemporalConnections.payloads(new Encryption(enabled, path)))
                .isInstanceOf(TemporalSettingException.class)
                .hasMessageContaining("remotegpu.temporal.encryption.key-file");
    }

    private static Object read(DataConverter process, Payload payload) {
        return process.fromPayload(payload, Map.class, Map.class);
    }

    private static Payload with(Payload payload, byte[] data) {
        return payload.toBuilder().setData(ByteString.copyFrom(data)).build();
    }

    private DataConverter process(boolean enabled, String... keys) throws IOException {
        var file = Files.writeString(Files.createTempFile(folder, "temporal", ".key"), String.join("\n", keys) + "\n");
        return TemporalConnections.payloads(new Encryption(enabled, file));
    }

    private static String key(char fill) {
        return Base64.getEncoder()
                .encodeToString(String.valueOf(fill).repeat(32).getBytes(StandardCharsets.UTF_8));
    }
}
