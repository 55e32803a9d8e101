package io.remotegpu.db.secret;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the installation's key comes from.
 *
 * @param key the key itself, 32 bytes in Base64, for installations of more than one machine; several, separated by commas,
 *     while it is being replaced
 * @param keyFolder otherwise the folder that has it in {@code installation.key}; made on the first start
 */
@ConfigurationProperties("remotegpu.installation")
public record InstallationSettings(
        @Nullable String key, @DefaultValue(".remotegpu") Path keyFolder) {

    public InstallationSettings {
        key = key == null || key.isBlank() ? null : key;
    }

    @Override
    public String toString() {
        return "InstallationSettings[key " + (key == null ? "in " + keyFolder : "given") + "]";
    }
}
