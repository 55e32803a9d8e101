package io.remotegpu.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.allocation.Allocations;
import io.remotegpu.db.allocation.NoCapacityException;
import io.remotegpu.db.environment.EnvironmentLifecycle;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.NewEnvironment;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.db.invariants.Invariants;
import io.remotegpu.db.port.PortLeases;
import io.remotegpu.db.quota.Reservations;
import io.remotegpu.db.testing.TestDatabase;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.OperationKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A database of the first version, with data in it, goes through every migration: nothing is lost, and it can be worked with. */
class UpgradeIT {

    private static final UUID RUNS = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final UUID RESTS = UUID.fromString("00000000-0000-0000-0000-000000000002");
    private static final UUID IS_MADE = UUID.fromString("00000000-0000-0000-0000-000000000004");
    private static final UUID GOES = UUID.fromString("00000000-0000-0000-0000-000000000005");

    private final TestDatabase database = TestDatabase.createEmpty();
    private final JdbcClient jdbc = JdbcClient.create(database.dataSource());
    private final List<MigrationVersion> versions = Arrays.stream(
                    flyway(MigrationVersion.LATEST).info().all())
            .map(MigrationInfo::getVersion)
            .toList();

    @BeforeEach
    void theFirstVersionWithData() throws IOException, SQLException {
        flyway(versions.getFirst()).migrate();
        try (var rows = Objects.requireNonNull(UpgradeIT.class.getResourceAsStream("/upgrade/v1-rows.sql"));
                var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(new String(rows.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void eachMigrationKeepsEveryValueThatWasThere() {
        var columns = columns();
        var before = data(columns);
        assertThat(before).allSatisfy((table, rows) -> {
            if (!table.equals("installation")) {
                assertThat(rows).as(table).isNotEmpty();
            }
        });

        for (var version : versions.subList(1, versions.size())) {
            flyway(version).migrate();
            assertThat(data(columns)).as("after version " + version).isEqualTo(before);
        }
    }

    @Test
    void whatWasHeldIsHeldAndLoggedAndNothingIsViolated() {
        flyway(MigrationVersion.LATEST).migrate();

        try (var application = application()) {
            assertThat(application.getBean(Invariants.class).violations()).isEmpty();
        }
        assertThat(jdbc.sql("SELECT count(*) FROM holding_log WHERE held_to IS NULL AND kind = 'gpu'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(3);
        assertThat(jdbc.sql("SELECT unswept FROM hosts WHERE id = 'h3'")
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void itGoesOnWhereTheFirstVersionLeftOff() {
        flyway(MigrationVersion.LATEST).migrate();
        try (var application = application()) {
            var lifecycle = application.getBean(EnvironmentLifecycle.class);
            var environments = application.getBean(EnvironmentRepository.class);
            var reservations = application.getBean(Reservations.class);
            var allocations = application.getBean(Allocations.class);
            var ports = application.getBean(PortLeases.class);

            // The create and the delete that were under way are finished by the same operations.
            lifecycle.succeed(IS_MADE, "create-4", EnvironmentStatus.RUNNING);
            ports.release(GOES);
            allocations.release(GOES);
            reservations.release(GOES);
            lifecycle.succeed(GOES, "delete-5", EnvironmentStatus.DELETED);
            // What was stopped gets the port and the host that it had.
            lifecycle.begin(RESTS, "start-2", OperationKind.START, "Ann");
            reservations.reserveCompute(RESTS);
            assertThat(allocations.allocate(RESTS, Set.of()).hostId()).isEqualTo("h1");
            assertThat(ports.lease(RESTS))
                    .singleElement()
                    .satisfies(port -> assertThat(port.port()).isEqualTo(22002));
            lifecycle.succeed(RESTS, "start-2", EnvironmentStatus.RUNNING);
            // All four GPUs are held now.
            var another = UUID.randomUUID();
            lifecycle.create(new NewEnvironment(
                    another, 1, "Ann", "create-7", Specs.spec("another", EnvironmentType.TERMINAL, 1), null));
            reservations.reserve(another);
            assertThatThrownBy(() -> allocations.allocate(another, Set.of())).isInstanceOf(NoCapacityException.class);
            lifecycle.begin(RUNS, "stop-1", OperationKind.STOP, "Ann");
            allocations.release(RUNS);
            reservations.releaseCompute(RUNS);
            lifecycle.succeed(RUNS, "stop-1", EnvironmentStatus.STOPPED);
            allocations.allocate(another, Set.of());
            // The port that was set aside still is.
            assertThat(ports.lease(another))
                    .singleElement()
                    .satisfies(port -> assertThat(port.port()).isEqualTo(22005));
            lifecycle.succeed(another, "create-7", EnvironmentStatus.RUNNING);
            application.getBean(Hosts.class).activate("h2");

            assertThat(specOf(environments, RUNS).env()).containsEntry("A", "ä \" '");
            assertThat(application.getBean(Invariants.class).violations()).isEmpty();
        }
    }

    private static EnvironmentSpec specOf(EnvironmentRepository environments, UUID id) {
        return environments.findById(id).orElseThrow().spec();
    }

    private Flyway flyway(MigrationVersion target) {
        return Flyway.configure()
                .dataSource(database.dataSource())
                .target(target)
                .load();
    }

    private ConfigurableApplicationContext application() {
        return new SpringApplicationBuilder(TestApplication.class)
                .web(WebApplicationType.NONE)
                .initializers(context -> TestPropertyValues.of(
                                "spring.datasource.url=" + database.url(),
                                "spring.datasource.username=" + database.username(),
                                "spring.datasource.password=" + database.password(),
                                "remotegpu.installation.key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
                        .applyTo(context))
                .run();
    }

    /** Those of the first version, by table. */
    private Map<String, String> columns() {
        var columns = new TreeMap<String, String>();
        jdbc.sql("""
                        SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) AS columns
                        FROM information_schema.columns
                        WHERE table_schema = 'public' AND table_name <> 'flyway_schema_history' GROUP BY table_name""")
                .query((row, _) -> Map.entry(row.getString(1), row.getString(2)))
                .list()
                .forEach(entry -> columns.put(entry.getKey(), entry.getValue()));
        return columns;
    }

    private Map<String, List<String>> data(Map<String, String> columns) {
        var data = new TreeMap<String, List<String>>();
        columns.forEach((table, names) -> data.put(
                table,
                jdbc.sql("SELECT to_jsonb(x)::text FROM (SELECT " + names + " FROM " + table + ") x ORDER BY 1")
                        .query(String.class)
                        .list()));
        return data;
    }
}
