package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The connection to one cluster, shared by the drivers of its nodes. Making one connects to nothing yet; thread-safe. Its
 * own retries are off: a call that fails is repeated by whoever made it.
 */
public final class KubernetesCluster implements AutoCloseable {

    private final KubernetesClient client;

    /** @throws IllegalArgumentException when the named kubeconfig cannot be read */
    public KubernetesCluster(ClusterSettings settings) {
        this(new ConfigBuilder(base(settings))
                .withRequestRetryBackoffLimit(0)
                .withConnectionTimeout(Math.toIntExact(settings.connectTimeout().toMillis()))
                .withRequestTimeout(Math.toIntExact(settings.responseTimeout().toMillis()))
                .withUserAgent("remotegpu")
                .build());
    }

    KubernetesCluster(Config config) {
        this(config, http -> {});
    }

    KubernetesCluster(Config config, Consumer<HttpClient.Builder> http) {
        this.client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config)
                        .withWatchReconnectLimit(0)
                        // over the connection that is there: a WebSocket would be another one for each wait
                        .withOnlyHttpWatches(true)
                        .build())
                .withHttpClientBuilderConsumer(http)
                .build();
    }

    private static Config base(ClusterSettings settings) {
        Path kubeconfig = settings.kubeconfig();
        if (kubeconfig == null) {
            return Config.autoConfigure(settings.context());
        }
        if (!Files.isReadable(kubeconfig)) {
            throw new IllegalArgumentException("the kubeconfig " + kubeconfig + " cannot be read");
        }
        return Config.fromKubeconfig(settings.context(), kubeconfig.toFile());
    }

    KubernetesClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
    }
}
