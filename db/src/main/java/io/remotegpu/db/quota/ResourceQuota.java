package io.remotegpu.db.quota;

import java.time.Instant;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** A user's own limits; memory and storage are bytes. */
@Table("resource_quotas")
public record ResourceQuota(
        @Id long id,
        long userId,
        int cpu,
        long memory,
        int gpu,
        long storage,
        int environmentQuota,
        Instant createdAt,
        Instant updatedAt) {

    public QuotaLimits limits() {
        return new QuotaLimits(cpu, memory, gpu, storage, environmentQuota);
    }
}
