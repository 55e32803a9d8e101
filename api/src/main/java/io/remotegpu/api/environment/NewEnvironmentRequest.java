package io.remotegpu.api.environment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.remotegpu.api.web.ByteSize;
import io.remotegpu.api.web.SizeRange;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** What a user asks for. */
@Schema(name = "NewEnvironment", example = """
        {"name": "train-1", "environment_type": "ide", "deployment_mode": "docker",
         "cpu": 4, "memory": "16Gi", "gpu": 1, "storage": "50Gi"}""")
record NewEnvironmentRequest(
        @NotNull
        @Pattern(
                regexp = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
                message =
                        "must have 1 to 63 lower-case letters, digits or dashes, and neither begin nor end with a dash")
        @Schema(description = "Unique among your environments that are not deleted")
        String name,

        @NotNull EnvironmentType environmentType,
        @NotNull DeploymentMode deploymentMode,

        @NotNull @Min(1) @Max(1024) @Schema(description = "Whole cores")
        Integer cpu,

        @NotNull @SizeRange(min = "64Mi", max = "64Ti") ByteSize memory,

        @Min(0) @Max(1024) @Schema(description = "How many GPUs; none by default") @Nullable
        Integer gpu,

        @NotNull @SizeRange(max = "1Pi") @Schema(description = "Data that outlives stop and start")
        ByteSize storage,

        @Size(min = 1, max = 512)
        @Pattern(
                regexp = IMAGE,
                message = "must be an image reference such as remotegpu/ide:1, in lower case but for the tag")
        @Schema(description = "Image reference; the installation's for this type by default")
        @Nullable
        String image,

        @Size(max = 100, message = "must have at most 100 variables")
        @Schema(
                description =
                        "Variables for your processes; operators can see them, so no secrets. Reserved: REMOTEGPU_…, LD_…, "
                                + "NVIDIA_…, HOME, USER, LOGNAME, SHELL, PATH",
                example = "{\"EPOCHS\": \"10\"}")
        @Nullable
        Map<
                        @Pattern(
                                regexp = "[A-Za-z_][A-Za-z0-9_]{0,127}",
                                message = "names have letters, digits and underscores, and do not begin with a digit")
                        String,
                        @NotNull @Size(max = 4096)
                        @Pattern(
                                regexp = "[^\\x00-\\x08\\x0A-\\x1F\\x7F]*",
                                message = "must not contain control characters")
                        String>
                env,

        @Pattern(regexp = "[^\\p{Cntrl}]{1,128}", message = "must have 1 to 128 characters, no control characters")
        @Schema(description = "Only GPUs of this model, in any case", example = "NVIDIA H100")
        @Nullable
        String gpuModel,

        @SizeRange(min = "1", max = "16Ti") @Schema(description = "Only GPUs with at least this much memory") @Nullable
        ByteSize gpuMemoryMin,

        @Size(min = 1, max = 63) @Schema(description = "Only this host (admin)", example = "host-001") @Nullable
        String hostId,

        @DurationMin(minutes = 1, message = "must be at least 1m")
        @DurationMax(days = 365, message = "must be at most 365d")
        @Schema(
                description =
                        "How long nobody uses it before it is stopped, within the installation's limits; by default the "
                                + "installation's for this type, which may be never",
                example = "2h")
        @Nullable
        Duration idleTimeout,

        @DurationMin(minutes = 5, message = "must be at least 5m")
        @DurationMax(days = 365, message = "must be at most 365d")
        @Schema(
                description =
                        "How long a run lasts at most before it is stopped, within the installation's limit, which holds by default",
                example = "12h")
        @Nullable
        Duration maxLifetime,

        @Schema(description = "When it is stopped and started by itself") @Valid @Nullable
        ScheduleRequest schedule,

        @Min(-100)
        @Max(100)
        @Schema(description = "Order within your own waiting requests, higher first; 0 by default")
        @Nullable
        Integer priority,

        @Schema(name = "wait", description = WAIT) @JsonProperty("wait") @Nullable
        Boolean waitForRoom,

        @DurationMin(seconds = 1, message = "must be at least 1s")
        @Schema(description = WAIT_TIMEOUT, example = "2h")
        @Nullable
        Duration waitTimeout) {

    static final String WAIT =
            "Whether to queue when there is no room; false, the default, is answered no_capacity then. "
                    + "While it waits it holds your quota, and nothing of any host.";

    static final String WAIT_TIMEOUT =
            "How long to wait at most, from 1s to the installation's limit; its default when absent. Needs wait to be true";

    private static final String PART = "[a-z0-9]++(?:(?:\\.|__?|-++)[a-z0-9]++)*+";

    /** As in the OCI distribution specification: host, path, tag, digest. */
    static final String IMAGE = "(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,252}[a-zA-Z0-9])?(?::[0-9]{1,5})?/)?"
            + PART + "(?:/" + PART + ")*"
            + "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?";
}
