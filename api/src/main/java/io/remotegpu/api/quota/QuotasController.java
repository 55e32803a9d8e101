package io.remotegpu.api.quota;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.ByteSize;
import io.remotegpu.api.web.Page;
import io.remotegpu.api.web.PageRequest;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.api.web.SizeRange;
import io.remotegpu.db.quota.QuotaLimits;
import io.remotegpu.db.quota.Reservations;
import io.remotegpu.db.quota.ResourceQuota;
import io.remotegpu.db.quota.ResourceQuotaRepository;
import io.remotegpu.db.quota.Usage;
import io.remotegpu.db.user.Users;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Sort;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "quotas")
@RestController
@RequestMapping("/api/v1/quotas")
class QuotasController {

    private final ResourceQuotaRepository quotas;
    private final Reservations reservations;
    private final Users users;

    QuotasController(ResourceQuotaRepository quotas, Reservations reservations, Users users) {
        this.quotas = quotas;
        this.reservations = reservations;
        this.users = users;
    }

    @Schema(name = "NewQuota", example = """
            {"user_id": 1, "cpu": 64, "memory": "256Gi", "gpu": 8, "storage": "2Ti", "environment_quota": 20}""")
    record NewQuota(
            @NotNull @Min(1) Long userId,
            @NotNull @Min(0) @Max(1_000_000) Integer cpu,
            @NotNull @SizeRange ByteSize memory,
            @NotNull @Min(0) @Max(100_000) Integer gpu,
            @NotNull @SizeRange ByteSize storage,
            @NotNull @Min(0) @Max(100_000) Integer environmentQuota) {

        QuotaLimits limits() {
            return new QuotaLimits(cpu, memory.bytes(), gpu, storage.bytes(), environmentQuota);
        }
    }

    @Schema(name = "QuotaChange", example = """
            {"cpu": 64, "memory": "256Gi", "gpu": 8, "storage": "2Ti", "environment_quota": 20}""")
    record QuotaChange(
            @NotNull @Min(0) @Max(1_000_000) Integer cpu,
            @NotNull @SizeRange ByteSize memory,
            @NotNull @Min(0) @Max(100_000) Integer gpu,
            @NotNull @SizeRange ByteSize storage,
            @NotNull @Min(0) @Max(100_000) Integer environmentQuota) {

        QuotaLimits limits() {
            return new QuotaLimits(cpu, memory.bytes(), gpu, storage.bytes(), environmentQuota);
        }
    }

    @Schema(name = "Quota")
    record QuotaView(
            long id,
            long userId,
            int cpu,
            long memory,
            int gpu,
            long storage,
            int environmentQuota,
            Instant createdAt,
            Instant updatedAt) {

        static QuotaView of(ResourceQuota quota) {
            return new QuotaView(
                    quota.id(),
                    quota.userId(),
                    quota.cpu(),
                    quota.memory(),
                    quota.gpu(),
                    quota.storage(),
                    quota.environmentQuota(),
                    quota.createdAt(),
                    quota.updatedAt());
        }
    }

    @Schema(name = "Amounts")
    record AmountsView(int cpu, long memory, int gpu, long storage, int environments) {

        static AmountsView of(QuotaLimits amounts) {
            return new AmountsView(
                    amounts.cpu(), amounts.memory(), amounts.gpu(), amounts.storage(), amounts.environments());
        }
    }

    @Schema(name = "QuotaUsage", description = "Storage and environments count until delete; the rest until stop")
    record UsageView(
            long userId,

            @Schema(description = "Whether the limits are the user's own, not the installation's default")
            boolean ownQuota,

            AmountsView limits,
            AmountsView used) {

        static UsageView of(Usage usage) {
            return new UsageView(
                    usage.userId(), usage.ownQuota(), AmountsView.of(usage.limits()), AmountsView.of(usage.used()));
        }
    }

    @Operation(
            summary = "Set a user's quota (admin)",
            description = "In place of any before. What the user holds already stays held.")
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    QuotaView set(@Valid @RequestBody NewQuota request, HttpServletRequest http) {
        AuditTrail.subject(http, "user/" + request.userId());
        return quotas.set(request.userId(), request.limits())
                .map(QuotaView::of)
                .orElseThrow(() -> ProblemException.invalid("user_id", "there is no user " + request.userId()));
    }

    @Operation(summary = "All quotas (admin)", description = "Users without one have the installation's default.")
    @GetMapping
    Page<QuotaView> list(PageRequest page) {
        var request = org.springframework.data.domain.PageRequest.of(page.index(), page.pageSize(), Sort.by("id"));
        return Page.of(quotas.findAll(request), page, QuotaView::of);
    }

    @Operation(summary = "Change a quota (admin)")
    @PutMapping("/{id}")
    QuotaView change(@PathVariable long id, @Valid @RequestBody QuotaChange request) {
        return quotas.update(id, request.limits())
                .map(QuotaView::of)
                .orElseThrow(() -> ProblemException.notFound("quota", id));
    }

    @Operation(summary = "Delete a quota (admin)", description = "The user has the installation's default then.")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable long id) {
        if (quotas.deleteById(id) == 0) {
            throw ProblemException.notFound("quota", id);
        }
    }

    @Operation(summary = "What you may hold, and hold", description = "Admins may ask for any user.")
    @GetMapping("/usage")
    UsageView usage(
            @AuthenticationPrincipal Caller caller,
            @Parameter(description = "Another user (admin)") @RequestParam(name = "user_id", required = false) @Nullable
                    Long userId) {
        if (userId == null || userId == caller.userId()) {
            return UsageView.of(reservations.usage(caller.userId()));
        }
        if (!caller.admin()) {
            throw ProblemException.of(HttpStatus.FORBIDDEN, "forbidden", "Only admins see what other users hold.");
        }
        if (users.findById(userId).isEmpty()) {
            throw ProblemException.notFound("user", userId);
        }
        return UsageView.of(reservations.usage(userId));
    }
}
