package io.remotegpu.api.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Where {@code remotegpu.tls.certificate} and {@code remotegpu.tls.key} name files in PEM, the API speaks HTTPS with them,
 * and takes up what replaces them without a restart. Whoever wants more (client certificates, a key with a password) has
 * Spring Boot's {@code server.ssl} and {@code spring.ssl.bundle}, which override this.
 */
final class HttpsByFiles implements EnvironmentPostProcessor {

    private static final String BUNDLE = "remotegpu";
    private static final String CERTIFICATE = "remotegpu.tls.certificate";
    private static final String KEY = "remotegpu.tls.key";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        var certificate = file(environment, CERTIFICATE);
        var key = file(environment, KEY);
        if (certificate == null && key == null) {
            return;
        }
        if (certificate == null || key == null) {
            throw new IllegalArgumentException("HTTPS needs both %s and %s: only %s is set"
                    .formatted(CERTIFICATE, KEY, certificate == null ? KEY : CERTIFICATE));
        }
        var bundle = "spring.ssl.bundle.pem." + BUNDLE;
        environment
                .getPropertySources()
                .addLast(new MapPropertySource(
                        "https by files",
                        Map.of(
                                "server.ssl.bundle",
                                BUNDLE,
                                "server.ssl.enabled-protocols",
                                "TLSv1.3,TLSv1.2",
                                bundle + ".reload-on-update",
                                true,
                                bundle + ".keystore.certificate",
                                certificate.toUri().toString(),
                                bundle + ".keystore.private-key",
                                key.toUri().toString())));
    }

    private static @Nullable Path file(ConfigurableEnvironment environment, String setting) {
        var named = Binder.get(environment).bind(setting, String.class).orElse("");
        if (named.isBlank()) {
            return null;
        }
        var file = Path.of(named).toAbsolutePath();
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException(setting + " names " + file + ", which cannot be read");
        }
        return file;
    }
}
