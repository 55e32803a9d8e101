package io.remotegpu.api.environment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** How to start; may be left out. */
@Schema(name = "Start", example = "{\"gpu\": 0, \"wait\": true, \"wait_timeout\": \"2h\"}")
record StartRequest(
        @Min(0)
        @Max(1024)
        @Schema(
                description =
                        "With so many GPUs, for this run only: 0 to edit files while GPUs are busy. All that it has by default",
                example = "0")
        @Nullable
        Integer gpu,

        @Schema(name = "wait", description = NewEnvironmentRequest.WAIT) @JsonProperty("wait") @Nullable
        Boolean waitForRoom,

        @DurationMin(seconds = 1, message = "must be at least 1s")
        @Schema(description = NewEnvironmentRequest.WAIT_TIMEOUT, example = "2h")
        @Nullable
        Duration waitTimeout) {}
