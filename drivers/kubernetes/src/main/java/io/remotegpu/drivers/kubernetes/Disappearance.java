package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Removes objects and waits until they are gone: the API server answers a removal before it is done. */
final class Disappearance {

    private final ClusterObjects objects;
    private final ClusterNode node;
    private final Duration timeout;

    Disappearance(ClusterObjects objects, ClusterNode node, Duration timeout) {
        this.objects = objects;
        this.node = node;
        this.timeout = timeout;
    }

    /** @param grace how long its processes may take to end */
    void of(HasMetadata object, Duration grace, Progress progress) {
        // 0 would forget a pod without asking its node whether it has ended
        objects.delete(object, Math.max(1, grace.toSeconds()));
        of(List.of(object), timeout.plus(grace), progress);
    }

    /** Waits for all of them, which are being removed. */
    void of(List<HasMetadata> removed, Duration patience, Progress progress) {
        var wait = new Wait(patience, progress);
        List<HasMetadata> left = new ArrayList<>(removed);
        while (true) {
            left = left.stream().map(objects::again).filter(Objects::nonNull).toList();
            if (left.isEmpty()) {
                return;
            }
            if (wait.isOver()) {
                throw stillThere(left);
            }
            wait.pause("waiting until " + ClusterObjects.title(left.getFirst()) + " is gone");
        }
    }

    private DriverException stillThere(List<HasMetadata> left) {
        String trouble = node.trouble();
        String what =
                String.join(", ", left.stream().map(Disappearance::described).toList());
        return trouble == null
                ? new DriverException(
                        ErrorKind.OUTCOME_UNKNOWN,
                        "asked for removal, but still there after " + timeout.toSeconds() + " s: " + what
                                + "; see 'kubectl describe'")
                : new DriverException(
                        ErrorKind.ENGINE_UNAVAILABLE,
                        "asked for removal, but still there: " + what + ", because " + trouble
                                + "; it goes when the node is back, or when an administrator removes the node");
    }

    private static String described(HasMetadata object) {
        @Nullable List<String> finalizers = object.getMetadata().getFinalizers();
        return ClusterObjects.title(object)
                + (finalizers == null || finalizers.isEmpty()
                        ? ""
                        : " (held by " + String.join(", ", finalizers) + ")");
    }
}
