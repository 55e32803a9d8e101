package io.remotegpu.db;

import io.remotegpu.db.testing.TestDatabase;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** This module as an application imports it, on a real PostgreSQL. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(DatabaseConfiguration.class)
class TestApplication {

    static final class OnTestDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            var database = TestDatabase.create();
            TestPropertyValues.of(
                            "spring.datasource.url=" + database.url(),
                            "spring.datasource.username=" + database.username(),
                            "spring.datasource.password=" + database.password(),
                            "spring.datasource.hikari.maximum-pool-size=72",
                            "spring.datasource.hikari.minimum-idle=4",
                            "remotegpu.installation.key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
                    .applyTo(context);
        }
    }
}
