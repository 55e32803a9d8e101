package io.remotegpu.api.host;

import io.remotegpu.api.web.ByteSize;
import io.remotegpu.api.web.FieldError;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.api.web.SizeRange;
import io.remotegpu.db.host.Capacity;
import io.remotegpu.db.host.GpuReport;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What requests about hosts say. */
final class HostRequests {

    private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
    private static final String ID_MESSAGE =
            "must have 1 to 63 letters, digits, dots, dashes or underscores, and begin with a letter or digit";
    private static final String TEXT = "[^\\p{Cntrl}]{1,128}";
    private static final String TEXT_MESSAGE = "must have 1 to 128 characters, none of them a control character";

    @Schema(name = "NewHost", example = """
            {"id": "host-001", "name": "GPU Server 1", "ip_address": "192.168.1.100"}""")
    record NewHostRequest(
            @NotNull @Pattern(regexp = ID, message = ID_MESSAGE)
            String id,

            @NotNull @Pattern(regexp = TEXT, message = TEXT_MESSAGE)
            String name,

            @NotNull @IpLiteral @Schema(description = "Where users connect to")
            String ipAddress,

            @IpLiteral @Schema(description = "What services listen on, where that is another address") @Nullable
            String bindAddress,

            @Size(max = 4) @Schema(description = "What its engines offer, until its agent says") @Nullable
            List<@NotNull DeploymentMode> deploymentModes,

            @Min(1) @Max(65535) @Schema(description = "First port for environments; 22000 by default") @Nullable
            Integer portMin,

            @Min(1) @Max(65535) @Schema(description = "Last port for environments; 29999 by default") @Nullable
            Integer portMax,

            @Min(0) @Max(100_000) @Schema(description = "Whole cores, until its agent says") @Nullable
            Integer cpu,

            @SizeRange @Schema(description = "Memory, until its agent says") @Nullable
            ByteSize memory) {}

    @Schema(name = "HostChange", description = "What is absent stays", example = """
            {"name": "GPU Server 1", "port_min": 23000, "port_max": 23999}""")
    record HostChange(
            @Pattern(regexp = TEXT, message = TEXT_MESSAGE) @Nullable
            String name,

            @IpLiteral @Nullable String ipAddress,
            @IpLiteral @Nullable String bindAddress,
            @Min(1) @Max(65535) @Nullable Integer portMin,
            @Min(1) @Max(65535) @Nullable Integer portMax,

            @Schema(description = "Make a new token, and refuse the old one") @Nullable
            Boolean renewToken) {}

    @Schema(name = "Drain", example = """
            {"environments": "stop"}""")
    record Drain(
            @Pattern(regexp = "keep|stop", message = "must be keep or stop")
            @Schema(
                    description =
                            "What becomes of what runs there: it is kept (default), or stopped, as is what is just being"
                                    + " brought up there",
                    allowableValues = {"keep", "stop"})
            @Nullable
            String environments) {

        boolean stops() {
            return "stop".equals(environments);
        }
    }

    @Schema(name = "Heartbeat", example = """
            {"cpu": 64, "memory": "512Gi", "deployment_modes": ["docker"],
             "gpus": [{"gpu_index": 0, "uuid": "GPU-8f6d0f0e-1b7a-4c59-9a52-0b1f7c1f6c11", "model": "NVIDIA H100", "memory": "80Gi"}],
             "facts": {"docker": "28.1"}}""")
    record Heartbeat(
            @NotNull @Min(0) @Max(100_000) Integer cpu,
            @NotNull @SizeRange ByteSize memory,
            @NotNull @Size(max = 4) List<@NotNull DeploymentMode> deploymentModes,
            @Valid @Size(max = 256) @Nullable List<@NotNull ReportedGpu> gpus,

            @Size(max = 100) @Nullable
            Map<
                            @Pattern(
                                    regexp = "[A-Za-z0-9._/-]{1,64}",
                                    message = "names have 1 to 64 of A-Z a-z 0-9 . _ / -")
                            String,
                            @NotNull @Size(max = 1000) String>
                    facts) {

        Capacity capacity() {
            return new Capacity(
                    cpu,
                    memory.bytes(),
                    Set.copyOf(deploymentModes),
                    facts == null ? Map.of() : facts,
                    gpus == null
                            ? List.of()
                            : gpus.stream().map(ReportedGpu::report).toList());
        }
    }

    @Schema(name = "ReportedGpu")
    record ReportedGpu(
            @NotNull @Min(0) @Max(1023) Integer gpuIndex,

            @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}", message = "must be a device id such as GPU-…")
            @Nullable
            String uuid,

            @NotNull @Pattern(regexp = TEXT, message = TEXT_MESSAGE)
            String model,

            @NotNull @SizeRange(min = "1Mi", max = "16Ti") ByteSize memory,
            @Min(0) @Max(1023) @Nullable Integer linkGroup,

            @Pattern(
                    regexp = "[^\\p{Cntrl}]{1,500}",
                    message = "must have at most 500 characters, no control characters")
            @Schema(description = "What is wrong with it, if anything")
            @Nullable
            String error) {

        GpuReport report() {
            return new GpuReport(gpuIndex, uuid, model, memory.bytes(), error, linkGroup == null ? 0 : linkGroup);
        }
    }

    /** The range as a whole; each end was checked by itself. */
    static void checkPorts(int portMin, int portMax) {
        if (portMin > portMax) {
            throw ProblemException.invalid(List.of(
                    new FieldError("port_max", "must not be less than port_min (" + portMin + "), but is " + portMax)));
        }
    }

    private HostRequests() {}
}
