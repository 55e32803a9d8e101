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
        @DefaultValue Tls tls,
        @DefaultValue Encryption encryption) {

    /** Those without any further setting, for a Temporal that is nobody else's. */
    public static TemporalSettings at(String address) {
        return new TemporalSettings(address, "default", Tls.OFF, new Encryption(false, null));
    }

    /** The same for a Temporal elsewhere. */
    public TemporalSettings withAddress(String other) {
        return new TemporalSettings(other, namespace, tls, encryption);
    }

    /** The same for another namespace. */
    public TemporalSettings withNamespace(String other) {
        return new TemporalSettings(address, other, tls, encryption);
    }

    /** The same in TLS. */
    public TemporalSettings inTls() {
        return new TemporalSettings(
                address,
                namespace,
                new Tls(true, tls.certificate(), tls.key(), tls.ca(), tls.serverName()),
                encryption);
    }

    /**
     * Whether Temporal is spoken to in TLS, and who both sides are. All files are in PEM.
     *
     * @param certificate our own, with those that signed it; absent where Temporal asks for none
     * @param key its private key, without a password
     * @param ca those that sign Temporal's certificate; those that Java trusts where absent
     * @param serverName what Temporal's certificate is for, where that is not the name in the address
     */
    public record Tls(
            @DefaultValue("false") boolean enabled,
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable Path ca,
            @Nullable String serverName) {

        static final String ENABLED = "remotegpu.temporal.tls.enabled";
        static final String CERTIFICATE = "remotegpu.temporal.tls.certificate";
        static final String KEY = "remotegpu.temporal.tls.key";
        static final String CA = "remotegpu.temporal.tls.ca";
        static final String SERVER_NAME = "remotegpu.temporal.tls.server-name";

        static final Tls OFF = new Tls(false, null, null, null, null);

        public Tls {
            certificate = given(certificate);
            key = given(key);
            ca = given(ca);
            serverName = serverName == null || serverName.isBlank() ? null : serverName.strip();
        }

        /** @throws TemporalSettingException when one setting says what another contradicts */
        void check() {
            if ((certificate == null) != (key == null)) {
                throw new TemporalSettingException("TLS to Temporal needs both " + CERTIFICATE + " and " + KEY
                        + ", or neither: only " + (certificate == null ? KEY : CERTIFICATE) + " is set");
            }
            if (!enabled && (certificate != null || ca != null || serverName != null)) {
                throw new TemporalSettingException((certificate != null ? CERTIFICATE : ca != null ? CA : SERVER_NAME)
                        + " is set, but Temporal would be spoken to without TLS: set " + ENABLED + ", too");
            }
        }
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
