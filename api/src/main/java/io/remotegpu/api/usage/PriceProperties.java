package io.remotegpu.api.usage;

import io.remotegpu.db.usage.UsagePrices;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Pattern;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code remotegpu.usage.prices}: what an hour costs. Nothing costs anything where no currency is set.
 *
 * @param currency three letters; with it reports have costs
 * @param gpuHour {@code model=price}, and {@code *=price} for all other models
 * @param coreHour of one CPU core
 * @param memoryGibHour of one GiB of memory
 * @param storageGibHour of one GiB of storage
 */
@Validated
@ConfigurationProperties("remotegpu.usage.prices")
record PriceProperties(
        @Nullable
        @Pattern(regexp = "[A-Z]{3}", message = "remotegpu.usage.prices.currency must be three letters such as EUR")
        String currency,

        @DefaultValue List<String> gpuHour,
        @DefaultValue("0") BigDecimal coreHour,
        @DefaultValue("0") BigDecimal memoryGibHour,
        @DefaultValue("0") BigDecimal storageGibHour) {

    private static final String OTHERS = "*";
    private static final java.util.regex.Pattern ENTRY =
            java.util.regex.Pattern.compile("\\s*([^=]{1,200}?)\\s*=\\s*([0-9]{1,9}(?:\\.[0-9]{1,9})?)\\s*");

    @AssertTrue(
            message = "remotegpu.usage.prices.gpu-hour must be a list of model=price, such as NVIDIA H100=2.50,*=1.20")
    boolean isGpuHourReadable() {
        return gpuHour.stream().allMatch(entry -> ENTRY.matcher(entry).matches());
    }

    @AssertTrue(message = "remotegpu.usage.prices must not be negative, and have at most 9 digits after the point")
    boolean isSensible() {
        return List.of(coreHour, memoryGibHour, storageGibHour).stream()
                .allMatch(price -> price.signum() >= 0 && price.scale() <= 9);
    }

    UsagePrices prices() {
        var gpus = new HashMap<String, BigDecimal>();
        for (var entry : gpuHour) {
            Matcher parts = ENTRY.matcher(entry);
            if (parts.matches()) {
                gpus.put(parts.group(1).toLowerCase(Locale.ROOT), new BigDecimal(parts.group(2)));
            }
        }
        var others = gpus.remove(OTHERS);
        return new UsagePrices(
                gpus, others == null ? BigDecimal.ZERO : others, coreHour, memoryGibHour, storageGibHour);
    }
}
