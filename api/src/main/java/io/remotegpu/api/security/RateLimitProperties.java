package io.remotegpu.api.security;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code remotegpu.rate-limits}. Each API process counts for itself.
 *
 * @param enabled whether requests are limited at all
 * @param user what one user may ask, with all their tokens together; and one host's agent
 * @param address what one address may ask without a token, or with one that is no good
 * @param login how often one address may log in or register
 * @param remembered of how many users and addresses is counted; whoever was silent longest is forgotten first
 */
@Validated
@ConfigurationProperties("remotegpu.rate-limits")
record RateLimitProperties(
        @DefaultValue("true") boolean enabled,
        @Valid @NotNull @DefaultValue User user,
        @Valid @NotNull @DefaultValue Address address,
        @Valid @NotNull @DefaultValue Login login,
        @Min(1000) @Max(10_000_000) @DefaultValue("100000") int remembered) {

    /** So many requests in any such time: saved up at most that many, and given back evenly over the time. */
    interface Rate {
        int requests();

        Duration per();
    }

    record User(
            @Min(1) @DefaultValue("3000") int requests,

            @NotNull @DurationMin(seconds = 1) @DefaultValue("1m")
            Duration per)
            implements Rate {}

    record Address(
            @Min(1) @DefaultValue("1200") int requests,

            @NotNull @DurationMin(seconds = 1) @DefaultValue("1m")
            Duration per)
            implements Rate {}

    record Login(
            @Min(1) @DefaultValue("120") int requests,

            @NotNull @DurationMin(seconds = 1) @DefaultValue("1m")
            Duration per)
            implements Rate {}
}
