package io.remotegpu.api;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * The API alone, as many processes as needed: on one database ({@code spring.datasource.url}), one Temporal
 * ({@code remotegpu.temporal.address}) and with one key ({@code remotegpu.installation.key}).
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ApiConfiguration.class, TemporalClientConfiguration.class})
public class ApiApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(ApiApplication.class, arguments);
    }
}
