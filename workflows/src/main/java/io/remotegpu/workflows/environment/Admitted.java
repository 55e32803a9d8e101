package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.PortBinding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an admitted create holds, beside its quota.
 *
 * @param done whether the same request was carried out before, by another operation, and nothing is left to do
 * @param placement absent when it has to wait for room
 * @param ports one for each service; none without a placement
 */
public record Admitted(boolean done, @Nullable Placement placement, List<PortBinding> ports) {

    public static Admitted placed(Placement placement, List<PortBinding> ports) {
        return new Admitted(false, placement, ports);
    }

    public static Admitted withoutRoom() {
        return new Admitted(false, null, List.of());
    }

    public static Admitted doneBefore() {
        return new Admitted(true, null, List.of());
    }
}
