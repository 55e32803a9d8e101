package io.remotegpu.temporal;

import jakarta.validation.constraints.NotBlank;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code remotegpu.temporal}, the same for every process of an installation.
 *
 * @param address host and port of Temporal's front end
 * @param namespace where the workflows are
 */
@Validated
@ConfigurationProperties("remotegpu.temporal")
public record TemporalSettings(
        @NotBlank @DefaultValue("127.0.0.1:7233") String address,
        @NotBlank @DefaultValue("default") String namespace,
        @DefaultValue Encryption encryption) {

    /** Those without any further setting, for a Temporal that is nobody else's. */
    public static TemporalSettings at(String address) {
        return new TemporalSettings(address, "default", new Encryption(false, null));
    }

    /** The same for a Temporal elsewhere. */
    public TemporalSettings withAddress(String other) {
        return new TemporalSettings(other, namespace, encryption);
    }

    /** The same for another namespace. */
    public TemporalSettings withNamespace(String other) {
        return new TemporalSettings(address, other, encryption);
    }

    /**
     * Whether Temporal gets to see what workflows are given and answer.
     *
     * @param enabled whether what is written from now on is encrypted; what is, can be read without this, too
     * @param keyFile has the keys: in Base64, one in each line, 32 bytes each; the first encrypts, each of them decrypts
     */
    public record Encryption(
            @DefaultValue("false") boolean enabled,
            @Nullable Path keyFile) {

        static final String KEY_FILE = "remotegpu.temporal.encryption.key-file";

        public Encryption {
            keyFile = given(keyFile);
        }
    }

    /** A variable that is set to nothing is none. */
    private static @Nullable Path given(@Nullable Path file) {
        return file == null || file.toString().isBlank() ? null : file;
    }
}
