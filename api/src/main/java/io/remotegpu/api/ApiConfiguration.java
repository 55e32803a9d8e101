package io.remotegpu.api;

import io.remotegpu.db.DatabaseConfiguration;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.PropertySource;

/**
 * The whole API: import it into a Spring Boot application.
 *
 * <p>The application brings a {@code DataSource} (by Spring Boot's settings) and a Temporal {@code WorkflowClient}.
 * Brings along what Spring Boot should do for the API, as defaults that every setting overrides.
 */
@Configuration(proxyBeanMethods = false)
@Import(DatabaseConfiguration.class)
@ComponentScan(
        excludeFilters =
                @Filter(
                        type = FilterType.ASSIGNABLE_TYPE,
                        classes = {ApiApplication.class, TemporalClientConfiguration.class}))
@PropertySource("classpath:io/remotegpu/api/defaults.properties")
public class ApiConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
