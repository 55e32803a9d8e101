package io.remotegpu.standalone;

import io.remotegpu.standalone.bom.BillOfMaterials;
import io.remotegpu.standalone.demo.Demo;
import io.remotegpu.standalone.doctor.Doctor;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The jar's entry: {@code up}, {@code demo}, {@code doctor} and {@code bom}; everything before that is the launcher's. */
public final class Standalone {

    private static final int USAGE = 2;

    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        String command = words.isEmpty() ? "up" : words.getFirst();
        List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
        Map<String, String> environment = System.getenv();
        int status;
        try {
            status = switch (command) {
                case "up" -> Up.run(UpOptions.parse(rest), environment);
                case "demo" -> {
                    OwnCertificate.trust(environment);
                    yield Demo.run(rest);
                }
                case "doctor" -> {
                    OwnCertificate.trust(environment);
                    yield Doctor.run(rest, environment, ownDatabase(environment));
                }
                case "bom" -> BillOfMaterials.run(rest);
                default ->
                    throw new IllegalArgumentException(
                            "there is no command " + command + ", only up, demo, doctor and bom");
            };
        } catch (IllegalArgumentException | StartupException e) {
            System.err.println("remotegpu: " + e.getMessage());
            status = USAGE;
        }
        System.exit(status);
    }

    private static @Nullable DataSource ownDatabase(Map<String, String> environment) {
        String own = environment.getOrDefault("REMOTEGPU_DATABASE_URL", "");
        if (own.isEmpty()) {
            return null;
        }
        var database = DatabaseUrl.parse(own);
        var source = new DriverManagerDataSource(database.url());
        if (database.user() != null) {
            source.setUsername(database.user());
        }
        if (database.password() != null) {
            source.setPassword(database.password());
        }
        return source;
    }

    private Standalone() {}
}
