package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.remotegpu.drivers.spi.DriverException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection to one Docker engine. Making one connects to nothing yet; thread-safe. */
public final class DockerEngine implements AutoCloseable {

    /** Where engines listen when nobody says otherwise. */
    public static final String USUAL_HOST = "unix:///var/run/docker.sock";

    private static final Logger log = LoggerFactory.getLogger(DockerEngine.class);
    private static final int CONNECTIONS = 256;

    private final DockerDriverSettings settings;
    private final DockerClientConfig config;
    private final DockerClient client;

    public DockerEngine(DockerDriverSettings settings) {
        this.settings = settings;
        // reads the credentials of registries in ~/.docker/config.json, but takes no host from the environment
        this.config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(settings.host())
                .build();
        this.client = connect(settings.timeouts().response());
    }

    /** {@code DOCKER_HOST} of that process environment, or the usual socket. */
    public static String usualHost(Map<String, String> processEnvironment) {
        String named = processEnvironment.getOrDefault("DOCKER_HOST", "");
        return named.isBlank() ? USUAL_HOST : named;
    }

    /** Asks the engine what it is; never throws for an engine that is not there. */
    public EngineDescription describe() {
        try {
            Info info = client.infoCmd().exec();
            return new EngineDescription(
                    true,
                    null,
                    text(info.getServerVersion()),
                    text(client.versionCmd().exec().getApiVersion()),
                    offersCdi(info),
                    hasNvidiaRuntime(info),
                    number(info.getNCPU()).intValue(),
                    number(info.getMemTotal()).longValue());
        } catch (RuntimeException e) {
            DriverException explained =
                    EngineErrors.explain("asking the Docker engine at " + settings.host(), e, List.of());
            return EngineDescription.unreachable(String.valueOf(explained.getMessage()));
        }
    }

    /** Which way GPUs go into containers here: what is set, or what the engine offers. */
    GpuAccess gpuAccess() {
        return switch (settings.gpus().access()) {
            case CDI, DEVICE_REQUEST -> settings.gpus().access();
            case AUTO -> offersCdi(client.infoCmd().exec()) ? GpuAccess.CDI : GpuAccess.DEVICE_REQUEST;
        };
    }

    DockerClient client() {
        return client;
    }

    /** Runs a call that the engine may take longer to answer than is usual, by that much. */
    <T> T patiently(Duration longer, Function<DockerClient, T> call) {
        try (DockerClient patient = connect(settings.timeouts().response().plus(longer))) {
            return call.apply(patient);
        } catch (IOException e) {
            throw new IllegalStateException("closing a connection to the Docker engine", e);
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            log.warn("closing the connection to the Docker engine at {} failed", settings.host(), e);
        }
    }

    /**
     * Engines from 25 on say where their CDI specifications are, when CDI is enabled; from 28.2 on also which devices
     * those have. CDI is on by default there, so without a device of our kind NVIDIA's runtime may still be the way.
     */
    private boolean offersCdi(Info info) {
        Map<String, Object> all = info.getRawValues();
        if (!(all.get("CDISpecDirs") instanceof Collection<?> folders) || folders.isEmpty()) {
            return false;
        }
        return !(all.get("DiscoveredDevices") instanceof Collection<?> devices)
                || devices.stream().anyMatch(this::isOurKind)
                || !hasNvidiaRuntime(info);
    }

    private boolean isOurKind(Object device) {
        return device instanceof Map<?, ?> fields
                && String.valueOf(fields.get("ID")).startsWith(settings.gpus().cdiKind() + "=");
    }

    private static boolean hasNvidiaRuntime(Info info) {
        var runtimes = info.getRuntimes();
        return runtimes != null && runtimes.containsKey("nvidia");
    }

    private DockerClient connect(Duration responseTimeout) {
        return DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .sslConfig(config.getSSLConfig())
                        .maxConnections(CONNECTIONS)
                        .connectionTimeout(settings.timeouts().connect())
                        .responseTimeout(responseTimeout)
                        .build());
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static Number number(@Nullable Number value) {
        return value == null ? 0 : value;
    }
}
