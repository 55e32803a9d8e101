package io.remotegpu.api.web;

import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.db.host.HostStatus;
import io.remotegpu.db.user.Role;
import io.remotegpu.db.user.UserStatus;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.temporal.Traces;
import jakarta.servlet.Filter;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.format.FormatterRegistry;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Filters, parameter types and cross-origin rules of the API. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebProperties.class)
class WebConfiguration implements WebMvcConfigurer {

    private static final String CODEC = "/api/v1/codec/";

    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverter(String.class, EnvironmentStatus.class, EnvironmentStatus::fromWireName);
        registry.addConverter(String.class, EnvironmentType.class, EnvironmentType::fromWireName);
        registry.addConverter(String.class, DeploymentMode.class, DeploymentMode::fromWireName);
        registry.addConverter(String.class, HostStatus.class, HostStatus::fromWireName);
        registry.addConverter(String.class, GpuStatus.class, GpuStatus::fromWireName);
        registry.addConverter(String.class, Role.class, Role::fromWireName);
        registry.addConverter(String.class, UserStatus.class, UserStatus::fromWireName);
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new PageRequestResolver());
    }

    @Bean
    FilterRegistrationBean<RequestLog> requestLog(AuditTrail audit, Problems problems) {
        return first(new RequestLog(audit, problems), 1);
    }

    /** Around the log, so that its line has the trace's id; only where traces are wanted. */
    @Bean
    @ConditionalOnProperty(name = "remotegpu.tracing.enabled", havingValue = "true")
    FilterRegistrationBean<TracedRequests> tracedRequests(Traces traces) {
        return first(new TracedRequests(traces.telemetry()), 0);
    }

    @Bean
    FilterRegistrationBean<BodyLimit> bodyLimit(WebProperties settings, Problems problems) {
        var limit = settings.maxBody().toBytes();
        var forCodec = settings.maxCodecBody().toBytes();
        return first(
                new BodyLimit(
                        request -> request.getRequestURI().startsWith(CODEC) ? forCodec : limit,
                        settings.bodyTimeout(),
                        problems),
                2);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> deadlines(WebProperties settings) {
        return factory -> {
            factory.setProtocol(DeadlineProtocol.class.getName());
            factory.addConnectorCustomizers(connector -> {
                if (connector.getProtocolHandler() instanceof DeadlineProtocol protocol) {
                    protocol.setDeadline(settings.headTimeout());
                }
            });
        };
    }

    @Bean
    LocalValidatorFactoryBean validator() {
        return new FewViolations();
    }

    @Bean
    CorsConfigurationSource corsConfigurationSource(WebProperties settings) {
        var cors = new CorsConfiguration();
        cors.setAllowedOrigins(settings.corsOrigins());
        cors.setAllowedMethods(List.of("GET", "POST", "PUT", "DELETE"));
        cors.setAllowedHeaders(List.of(
                "Authorization", "Content-Type", "Idempotency-Key", "Prefer", "Last-Event-ID", RequestIds.HEADER));
        cors.setExposedHeaders(List.of(
                "Location", "Retry-After", "Preference-Applied", "RateLimit", "RateLimit-Policy", RequestIds.HEADER));
        cors.setMaxAge(Duration.ofHours(1));
        var source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration(CODEC + "links/*/*", forTemporal(cors, settings));
        source.registerCorsConfiguration("/api/**", cors);
        return source;
    }

    /** For Temporal's UI, too, with whatever headers its versions send: none of them lets anybody in. */
    private static CorsConfiguration forTemporal(CorsConfiguration others, WebProperties settings) {
        var cors = new CorsConfiguration(others);
        cors.setAllowedOrigins(Stream.of(settings.corsOrigins(), settings.codecOrigins())
                .flatMap(List::stream)
                .toList());
        cors.setAllowedHeaders(List.of(CorsConfiguration.ALL));
        return cors;
    }

    private static <F extends Filter> FilterRegistrationBean<F> first(F filter, int place) {
        var registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + place);
        return registration;
    }
}
