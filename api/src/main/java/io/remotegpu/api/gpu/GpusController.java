package io.remotegpu.api.gpu;

import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.ByteSize;
import io.remotegpu.api.web.Page;
import io.remotegpu.api.web.PageRequest;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.api.web.SizeRange;
import io.remotegpu.db.gpu.GpuExistsException;
import io.remotegpu.db.gpu.GpuFilter;
import io.remotegpu.db.gpu.GpuRepository;
import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.db.gpu.Gpus;
import io.remotegpu.db.gpu.NewGpu;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "gpus")
@RestController
@RequestMapping("/api/v1/gpus")
class GpusController {

    private static final String TEXT = "[^\\p{Cntrl}]{1,128}";
    private static final String TEXT_MESSAGE = "must have 1 to 128 characters, none of them a control character";

    private final GpuRepository gpus;
    private final Gpus administration;

    GpusController(GpuRepository gpus, Gpus administration) {
        this.gpus = gpus;
        this.administration = administration;
    }

    @Schema(name = "NewGpu", example = """
            {"host_id": "host-001", "gpu_index": 0, "model": "NVIDIA H100", "memory": "80Gi", "uuid": "GPU-8f6d0f0e-1b7a-4c59-9a52-0b1f7c1f6c11"}""")
    record NewGpuRequest(
            @NotBlank @Size(max = 63) String hostId,
            @NotNull @Min(0) @Max(1023) Integer gpuIndex,

            @NotNull @Pattern(regexp = TEXT, message = TEXT_MESSAGE)
            String model,

            @NotNull @SizeRange(min = "1Mi", max = "16Ti") ByteSize memory,

            @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}", message = "must be a device id such as GPU-…")
            @Nullable
            String uuid,

            @Min(0) @Max(1023) @Nullable Integer linkGroup) {}

    @Schema(name = "GpuStatusChange", example = """
            {"status": "error", "reason": "fell off the bus"}""")
    record GpuStatusChange(
            @NotNull @Schema(allowableValues = {"available", "error"})
            GpuStatus status,

            @Pattern(
                    regexp = "[^\\p{Cntrl}]{0,500}",
                    message = "must have at most 500 characters, no control characters")
            @Nullable
            String reason) {}

    @Operation(summary = "All GPUs", description = "By host and index.")
    @GetMapping
    Page<GpuView> list(
            @RequestParam(required = false) @Nullable GpuStatus status,
            @Parameter(description = "Exact, in any case", example = "NVIDIA H100")
                    @RequestParam(required = false)
                    @Size(max = 128)
                    @Nullable
                    String model,
            @RequestParam(name = "host_id", required = false) @Size(max = 63) @Nullable String hostId,
            PageRequest page) {
        var found = gpus.search(new GpuFilter(status, model, hostId), page.index(), page.pageSize());
        return Page.of(found, page, GpuView::of);
    }

    @Operation(summary = "One GPU")
    @GetMapping("/{id}")
    GpuView get(@PathVariable long id) {
        return gpus.findById(id).map(GpuView::of).orElseThrow(() -> ProblemException.notFound("GPU", id));
    }

    @Operation(
            summary = "Register a GPU by hand (admin)",
            description = "Hosts with an agent report theirs by themselves. It is available at once.")
    @PostMapping
    ResponseEntity<GpuView> register(@Valid @RequestBody NewGpuRequest request, HttpServletRequest http) {
        var gpu = new NewGpu(
                request.hostId(),
                request.gpuIndex(),
                request.uuid(),
                request.model(),
                request.memory().bytes(),
                request.linkGroup() == null ? 0 : request.linkGroup());
        try {
            var made = administration
                    .register(gpu)
                    .orElseThrow(() -> ProblemException.invalid(
                            "host_id", "there is no host '" + request.hostId() + "': register it first"));
            AuditTrail.subject(http, "gpu/" + made.id());
            return ResponseEntity.created(URI.create("/api/v1/gpus/" + made.id()))
                    .body(GpuView.of(made));
        } catch (GpuExistsException exists) {
            throw ProblemException.of(HttpStatus.CONFLICT, "gpu_exists", exists.getMessage() + ".");
        }
    }

    @Operation(
            summary = "Put a GPU in error or take it out (admin)",
            description = "Whoever holds it keeps it: a held one taken out of error is allocated again.")
    @PutMapping("/{id}/status")
    GpuView changeStatus(@PathVariable long id, @Valid @RequestBody GpuStatusChange request) {
        if (request.status() == GpuStatus.ALLOCATED) {
            throw ProblemException.invalid(
                    "status", "must be available or error: a GPU is allocated by giving it to an environment only");
        }
        return administration
                .setStatus(id, request.status(), request.reason())
                .map(GpuView::of)
                .orElseThrow(() -> ProblemException.notFound("GPU", id));
    }
}
