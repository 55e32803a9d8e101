package io.remotegpu.api.web;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code remotegpu.web}.
 *
 * @param maxBody the largest body of a request; larger ones are answered 413
 * @param maxCodecBody the same for the codec, which is sent what Temporal keeps: up to 2 MiB a payload, in Base64
 * @param headTimeout within which a request's line and headers, and before them the TLS handshake, have to be there;
 *     otherwise the connection is closed
 * @param bodyTimeout within which the body has to be there; otherwise the answer is 408, and the connection is closed
 * @param corsOrigins origins whose pages may call the API from a browser ({@code https://console.example.com}); none by
 *     default
 * @param codecOrigins origins of Temporal's UI, whose pages may use links of the codec; none by default
 */
@Validated
@ConfigurationProperties("remotegpu.web")
record WebProperties(
        @NotNull @DefaultValue("256KB") DataSize maxBody,
        @NotNull @DefaultValue("8MB") DataSize maxCodecBody,

        @NotNull @DurationMin(millis = 100) @DefaultValue("10s")
        Duration headTimeout,

        @NotNull @DurationMin(millis = 100) @DefaultValue("30s")
        Duration bodyTimeout,

        @DefaultValue List<String> corsOrigins,
        @DefaultValue List<String> codecOrigins) {}
