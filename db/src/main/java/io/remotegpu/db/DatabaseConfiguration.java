package io.remotegpu.db;

import io.remotegpu.db.allocation.PlacementSettings;
import io.remotegpu.db.environment.EventOutcome;
import io.remotegpu.db.environment.OperationOutcome;
import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.db.host.HostStatus;
import io.remotegpu.db.idle.IdleSettings;
import io.remotegpu.db.quota.DefaultQuotaSettings;
import io.remotegpu.db.secret.InstallationSettings;
import io.remotegpu.db.timetable.TimetableSettings;
import io.remotegpu.db.user.Role;
import io.remotegpu.db.user.UserStatus;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.drivers.spi.Service;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.postgresql.util.PGobject;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.convert.ConverterBuilder;
import org.springframework.data.jdbc.repository.config.AbstractJdbcConfiguration;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/**
 * Everything of this module: import it into an application.
 *
 * <p>Needs a {@code DataSource}, a transaction manager and a {@code JdbcClient}, as Spring Boot makes them. Spring
 * Boot's Flyway brings the schema up to date before anything here uses it.
 */
@Configuration(proxyBeanMethods = false)
@EnableTransactionManagement
@EnableJdbcRepositories
@ComponentScan
@EnableConfigurationProperties({
    DefaultQuotaSettings.class,
    PlacementSettings.class,
    InstallationSettings.class,
    IdleSettings.class,
    TimetableSettings.class
})
public class DatabaseConfiguration extends AbstractJdbcConfiguration {

    @Override
    protected List<?> userConverters() {
        return List.of(
                byWireName(EnvironmentStatus.class, EnvironmentStatus::fromWireName, EnvironmentStatus::wireName),
                byWireName(EnvironmentType.class, EnvironmentType::fromWireName, EnvironmentType::wireName),
                byWireName(DeploymentMode.class, DeploymentMode::fromWireName, DeploymentMode::wireName),
                byWireName(OperationKind.class, OperationKind::fromWireName, OperationKind::wireName),
                byWireName(Service.class, Service::fromWireName, Service::wireName),
                byWireName(OperationOutcome.class, OperationOutcome::fromWireName, OperationOutcome::wireName),
                byWireName(EventOutcome.class, EventOutcome::fromWireName, EventOutcome::wireName),
                byWireName(HostStatus.class, HostStatus::fromWireName, HostStatus::wireName),
                byWireName(GpuStatus.class, GpuStatus::fromWireName, GpuStatus::wireName),
                byWireName(Role.class, Role::fromWireName, Role::wireName),
                byWireName(UserStatus.class, UserStatus::fromWireName, UserStatus::wireName),
                ConverterBuilder.reading(PGobject.class, StringMap.class, DatabaseConfiguration::ofJsonb)
                        .andWriting(DatabaseConfiguration::toJsonb));
    }

    private static <E extends Enum<E>> Object byWireName(
            Class<E> type, Function<String, E> reading, Function<E, String> writing) {
        return ConverterBuilder.reading(String.class, type, reading).andWriting(writing);
    }

    private static StringMap ofJsonb(PGobject json) {
        var text = json.getValue();
        return text == null ? new StringMap(Map.of()) : StringMap.ofJson(text);
    }

    private static PGobject toJsonb(StringMap map) {
        try {
            var json = new PGobject();
            json.setType("jsonb");
            json.setValue(map.toJson());
            return json;
        } catch (SQLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
