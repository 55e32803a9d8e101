package io.remotegpu.api.health;

import io.remotegpu.db.host.HostCounts;
import io.temporal.client.WorkflowClient;
import javax.sql.DataSource;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The parts of the health, by their beans' names: {@code db} instead of Spring Boot's own, {@code temporal} and {@code hosts}. */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

    @Bean
    HealthIndicator dbHealthIndicator(DataSource database) {
        return new PromptHealth(new DataSourceHealthIndicator(database));
    }

    @Bean
    HealthIndicator temporalHealthIndicator(WorkflowClient temporal) {
        return new PromptHealth(new TemporalHealth(temporal));
    }

    @Bean
    HealthIndicator hostsHealthIndicator(HostCounts counts) {
        return new PromptHealth(new HostsHealth(counts));
    }
}
