package io.remotegpu.db.allocation;

import java.util.Comparator;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** How hosts are chosen. */
@ConfigurationProperties("remotegpu.placement")
public record PlacementSettings(@DefaultValue("pack") Policy policy) {

    public enum Policy {
        /** The fullest host that fits, so that large requests find room. */
        PACK,
        /** The emptiest host, so that environments disturb each other least. */
        SPREAD;

        /** Best first; equal ones by id, so that the choice is the same each time. */
        Comparator<Candidates.View> order() {
            var fullestFirst = Comparator.comparingInt(Candidates.View::freeGpus)
                    .thenComparingInt(Candidates.View::freeCpu)
                    .thenComparingLong(Candidates.View::freeMemory);
            var byPolicy = switch (this) {
                case PACK -> fullestFirst;
                case SPREAD -> fullestFirst.reversed();
            };
            return byPolicy.thenComparing(Candidates.View::id);
        }
    }
}
