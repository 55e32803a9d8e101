package io.remotegpu.api.security;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code remotegpu.security}.
 *
 * @param registration whether anyone may make an account; otherwise only the preset admin exists
 * @param tokenLifetime how long a login lasts
 * @param passwordMinLength shortest password, in characters
 * @param commonPasswords whether passwords that everybody tries first are refused
 * @param bcryptStrength 2 to this power rounds for each password
 * @param presetAdmin an admin made at start-up; then the first registered user does not become one
 * @param lockout what happens after wrong passwords
 */
@Validated
@ConfigurationProperties("remotegpu.security")
public record SecurityProperties(
        @DefaultValue("true") boolean registration,
        @NotNull @DefaultValue("24h") Duration tokenLifetime,
        @Min(1) @Max(72) @DefaultValue("12") int passwordMinLength,
        @DefaultValue("true") boolean commonPasswords,
        @Min(4) @Max(20) @DefaultValue("10") int bcryptStrength,
        @Valid @Nullable PresetAdmin presetAdmin,
        @Valid @NotNull @DefaultValue Lockout lockout) {

    /** The account under {@code remotegpu.security.preset-admin}; its password is only used to make it. */
    public record PresetAdmin(
            @NotNull @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
            String username,

            @NotBlank String email,
            @NotBlank String password) {

        @Override
        public String toString() {
            return "PresetAdmin[" + username + "]";
        }
    }

    /**
     * Settings under {@code remotegpu.security.lockout}.
     *
     * @param accountFailures so many failures on one account from one address lock that out for a while; ten times as
     *     many from everywhere lock the account out for a few seconds
     * @param addressFailures so many failures from one address lock it out for a while
     * @param first the first lock-out; each further failure doubles it
     * @param longest the longest lock-out
     * @param memory failures are forgotten after this long without a new one
     */
    public record Lockout(
            @Min(1) @DefaultValue("5") int accountFailures,
            @Min(1) @DefaultValue("50") int addressFailures,
            @NotNull @DefaultValue("2s") Duration first,
            @NotNull @DefaultValue("15m") Duration longest,
            @NotNull @DefaultValue("1h") Duration memory) {}
}
