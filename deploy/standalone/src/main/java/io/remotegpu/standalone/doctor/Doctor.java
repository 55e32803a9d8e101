package io.remotegpu.standalone.doctor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.remotegpu.activities.doctor.Examination;
import io.remotegpu.temporal.TemporalSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** {@code doctor}: with a running server, everything; without, what can be seen without, and it says what cannot. */
public final class Doctor {

    private final Path home;
    private final Map<String, String> environment;
    private final @Nullable DataSource ownDatabase;
    private final Properties state = new Properties();

    private Doctor(Path home, Map<String, String> environment, @Nullable DataSource ownDatabase) {
        this.home = home;
        this.environment = environment;
        this.ownDatabase = ownDatabase;
    }

    /**
     * @param ownDatabase the one that REMOTEGPU_DATABASE_URL names
     * @return the exit status
     */
    public static int run(List<String> arguments, Map<String, String> environment, @Nullable DataSource ownDatabase) {
        var json = false;
        for (var argument : arguments) {
            if (!argument.equals("--json")) {
                throw new IllegalArgumentException("doctor does not know " + argument);
            }
            json = true;
        }
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        var home = Path.of(environment.getOrDefault("REMOTEGPU_HOME", ".remotegpu"));
        var verdict = new Verdict(
                new Doctor(home, environment, ownDatabase).examination().examine());
        System.out.println(json ? verdict.json() : verdict.text());
        return verdict.exitStatus();
    }

    private Examination examination() {
        readState();
        var api = state.getProperty("api");
        var own = environment.getOrDefault("TEMPORAL_ADDRESS", "");
        return new Examination(
                ownDatabase == null ? embedded() : ownDatabase,
                temporal(own.isEmpty() ? state.getProperty("temporal") : own),
                api == null ? null : URI.create(api),
                read("host-id"));
    }

    /** With the settings that the server has, by the same variables. */
    private static @Nullable TemporalSettings temporal(@Nullable String address) {
        if (address == null) {
            return null;
        }
        var process = new StandardEnvironment();
        ConfigurationPropertySources.attach(process);
        try {
            return Binder.get(process)
                    .bindOrCreate("remotegpu.temporal", TemporalSettings.class)
                    .withAddress(address);
        } catch (BindException e) {
            throw new IllegalArgumentException("the setting " + e.getName() + " cannot be read: " + e.getCause(), e);
        }
    }

    /** What a server that was killed left behind says nothing. */
    private void readState() {
        try (var reader = Files.newBufferedReader(home.resolve("run/state"))) {
            state.load(reader);
        } catch (IOException none) {
            return;
        }
        var pid = state.getProperty("pid", "0");
        if (ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
            state.clear();
        }
    }

    private @Nullable DataSource embedded() {
        var address = state.getProperty("postgres");
        var password = read("postgres/password");
        return address == null || password == null
                ? null
                : new DriverManagerDataSource("jdbc:postgresql://" + address + "/remotegpu", "remotegpu", password);
    }

    private @Nullable String read(String file) {
        try {
            return Files.readString(home.resolve(file)).strip();
        } catch (IOException none) {
            return null;
        }
    }
}
