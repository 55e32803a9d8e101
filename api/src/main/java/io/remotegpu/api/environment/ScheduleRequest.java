package io.remotegpu.api.environment;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** When an environment is stopped and started, whoever uses it. */
@Schema(
        name = "Schedule",
        example = "{\"stop\": \"0 20 * * MON-FRI\", \"start\": \"0 8 * * MON-FRI\", \"time_zone\": \"Europe/Berlin\"}")
record ScheduleRequest(
        @Size(max = 100)
        @Schema(
                description =
                        "Five cron fields: minute, hour, day of month, month, day of week. Where both days are given, both have to "
                                + "fit. Done late rather than not; put off by an extension, let pass while it is protected",
                example = "0 20 * * MON-FRI")
        @Nullable
        String stop,

        @Size(max = 100)
        @Schema(
                description =
                        "In the same form. Waits for room for as long as a missed one is still done, an hour by default",
                example = "0 8 * * MON-FRI")
        @Nullable
        String start,

        @NotNull
        @Size(min = 1, max = 64)
        @Schema(
                description =
                        "IANA name. A time that the clock skips comes as much later, one that it shows twice comes once",
                example = "Europe/Berlin")
        String timeZone) {}
