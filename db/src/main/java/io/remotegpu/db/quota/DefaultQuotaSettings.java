package io.remotegpu.db.quota;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What a user without a quota row may hold.
 *
 * @param cpu whole cores
 * @param environments environments that are not deleted
 */
@ConfigurationProperties("remotegpu.default-quota")
public record DefaultQuotaSettings(
        @DefaultValue("32") int cpu,
        @DefaultValue("128GB") DataSize memory,
        @DefaultValue("4") int gpu,
        @DefaultValue("1TB") DataSize storage,
        @DefaultValue("10") int environments) {

    /** The same, as limits. */
    public QuotaLimits limits() {
        return new QuotaLimits(cpu, memory.toBytes(), gpu, storage.toBytes(), environments);
    }
}
