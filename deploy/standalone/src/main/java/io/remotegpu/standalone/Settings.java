package io.remotegpu.standalone;

import io.remotegpu.activities.host.Addresses;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** What the standalone start decides for the application. */
final class Settings implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private final Map<String, Object> properties = new HashMap<>();
    private final Path logFile;
    private final boolean forOneself;
    private List<String> uiOrigins = List.of();

    Settings(UpOptions options, Addresses addresses, Home home) {
        forOneself = isLoopback(addresses.bound());
        logFile = home.logs().resolve("remotegpu.log");
        properties.put("server.port", options.port());
        properties.put("server.address", addresses.bound());
        properties.put("remotegpu.installation.key-folder", home.keys().toString());
    }

    void database(DatabaseUrl database) {
        properties.put("spring.datasource.url", database.url());
        // A connection of its own: a migration may take longer than anything else waits.
        properties.put("spring.flyway.url", database.url());
        if (database.user() != null) {
            properties.put("spring.datasource.username", database.user());
            properties.put("spring.flyway.user", database.user());
        }
        if (database.password() != null) {
            properties.put("spring.datasource.password", database.password());
            properties.put("spring.flyway.password", database.password());
        }
    }

    void temporal(String target) {
        properties.put("remotegpu.temporal.address", target);
    }

    /** Of a UI that is ours: it may ask this server to decode what it shows. */
    void temporalUi(List<String> origins) {
        uiOrigins = origins;
    }

    Path logFile() {
        return logFile;
    }

    /**
     * What a setting given by the user overrides. Logging is set up before the context exists, from these: everything to
     * the file, only trouble to the terminal, which belongs to our own few lines.
     */
    Map<String, Object> defaults() {
        var defaults = new HashMap<String, Object>(PatientConnections.SETTINGS);
        defaults.putAll(Map.of(
                "logging.file.name",
                logFile.toString(),
                "logging.threshold.console",
                "error",
                "logging.pattern.console",
                "  %-12p %m%n%ex{0}",
                // nothing, where there are no traces
                "logging.pattern.correlation",
                "%replace(%X{trace_id:-}){'^(.+)$','[$1] '}",
                "spring.main.banner-mode",
                "off",
                // The API's requests and the worker's database steps share one pool.
                "spring.datasource.hikari.maximum-pool-size",
                40,
                // For trying out on one's own machine; a server for others wants the application's own defaults.
                "remotegpu.security.password-min-length",
                6,
                "remotegpu.security.common-passwords",
                false,
                "remotegpu.web.codec-origins",
                uiOrigins,
                // Whoever is reached by their own machine only need not be kept from asking too much of it.
                "remotegpu.rate-limits.enabled",
                !forOneself));
        return defaults;
    }

    private static boolean isLoopback(String address) {
        return InetAddress.ofLiteral(address).isLoopbackAddress();
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("standalone", properties));
    }
}
