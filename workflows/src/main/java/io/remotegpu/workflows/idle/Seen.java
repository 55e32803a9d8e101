package io.remotegpu.workflows.idle;

import io.remotegpu.drivers.spi.Activity;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one environment.
 *
 * @param trouble why it could not be looked at, whereupon {@code activity} says nothing; otherwise null
 */
public record Seen(UUID id, Activity activity, @Nullable String trouble) {

    public static Seen of(UUID id, Activity activity) {
        return new Seen(id, activity, null);
    }

    public static Seen nothing(UUID id, String trouble) {
        return new Seen(id, Activity.unknown(), trouble);
    }
}
