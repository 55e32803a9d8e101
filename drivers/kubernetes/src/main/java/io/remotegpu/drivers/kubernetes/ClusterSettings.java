package io.remotegpu.drivers.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach one cluster.
 *
 * @param kubeconfig the file with address and credentials; null for what is usual: the account of the pod that we run in,
 *     or {@code KUBECONFIG}, or {@code ~/.kube/config}
 * @param context which of the file's contexts; null for its current one
 * @param connectTimeout for reaching the API server
 * @param responseTimeout for one answer of the API server
 */
public record ClusterSettings(
        @Nullable Path kubeconfig, @Nullable String context, Duration connectTimeout, Duration responseTimeout) {

    public ClusterSettings {
        if (!connectTimeout.isPositive() || !responseTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "Kubernetes cluster: timeouts must be positive, not " + connectTimeout + " and " + responseTimeout);
        }
    }

    /** That file, or what is usual, with timeouts that fit most clusters. */
    public static ClusterSettings defaults(@Nullable Path kubeconfig) {
        return new ClusterSettings(kubeconfig, null, Duration.ofSeconds(5), Duration.ofSeconds(30));
    }
}
