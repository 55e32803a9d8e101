package io.remotegpu.temporal;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code remotegpu.tracing}, the same for every process of an installation.
 *
 * @param enabled whether traces are written at all
 * @param endpoint who takes them, by OTLP over HTTP
 * @param ratio of how many traces that begin here, from 0 to 1; what a caller began is traced as the caller says
 */
@Validated
@ConfigurationProperties("remotegpu.tracing")
public record TracingSettings(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("http://127.0.0.1:4318/v1/traces") URI endpoint,
        @DefaultValue("1") @DecimalMin("0") @DecimalMax("1") double ratio) {}
