package io.remotegpu.api.web;

import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code remotegpu.web}.
 *
 * @param maxBody the largest body of a request; larger ones are answered 413
 * @param corsOrigins origins whose pages may call the API from a browser ({@code https://console.example.com}); none by
 *     default
 */
@Validated
@ConfigurationProperties("remotegpu.web")
record WebProperties(
        @NotNull @DefaultValue("256KB") DataSize maxBody,
        @DefaultValue List<String> corsOrigins) {}
