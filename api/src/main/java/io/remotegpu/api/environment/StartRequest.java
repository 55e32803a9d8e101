package io.remotegpu.api.environment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** How to start; may be left out. */
@Schema(name = "Start", example = "{\"wait\": true, \"wait_timeout\": \"2h\"}")
record StartRequest(
        @Schema(name = "wait", description = NewEnvironmentRequest.WAIT) @JsonProperty("wait") @Nullable
        Boolean waitForRoom,

        @DurationMin(seconds = 1, message = "must be at least 1s")
        @Schema(description = NewEnvironmentRequest.WAIT_TIMEOUT, example = "2h")
        @Nullable
        Duration waitTimeout) {}
