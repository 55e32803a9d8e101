package io.remotegpu.bench;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A Docker engine by itself: create and start of the same container by docker-java, then the banner.
 *
 * <p>Image, security options, limits and network are the same, and there is a new named volume; only the credentials are
 * missing, which RemoteGPU hands over in a step of its own.
 */
final class RawDocker implements RawEngine {

    private static final String LABEL = "io.remotegpu.bench";

    private final DockerClient client;
    private final String title;
    private final SshBanner banner;
    private @Nullable InspectContainerResponse template;

    private RawDocker(DockerClient client, String title, SshBanner banner) {
        this.client = client;
        this.title = title;
        this.banner = banner;
    }

    /** The engine that {@code DOCKER_HOST} names, or the usual socket. */
    static RawDocker connect(SshBanner banner) throws MissingException {
        var settings = DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        var http = new ZerodepDockerHttpClient.Builder()
                .dockerHost(settings.getDockerHost())
                .sslConfig(settings.getSSLConfig())
                .build();
        var client = DockerClientImpl.getInstance(settings, http);
        try {
            return new RawDocker(client, "Docker " + client.versionCmd().exec().getVersion(), banner);
        } catch (RuntimeException e) {
            close(client);
            throw new MissingException("no Docker engine answers at " + settings.getDockerHost());
        }
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public void copyFrom(UUID environment) {
        try {
            template = client.inspectContainerCmd("remotegpu-" + environment).exec();
        } catch (DockerException e) {
            throw new BenchException(
                    "environment " + environment
                            + " has no container on this engine: is DOCKER_HOST the one that the server uses?",
                    e);
        }
    }

    @Override
    public long measure() throws InterruptedException {
        var like = Objects.requireNonNull(template, "copyFrom comes first");
        var host = Objects.requireNonNull(like.getHostConfig());
        var exposed = Objects.requireNonNull(host.getPortBindings()).getBindings();
        ExposedPort ssh = exposed.keySet().iterator().next();
        String address = Objects.requireNonNull(exposed.get(ssh))[0].getHostIp();
        String name = "remotegpu-bench-" + UUID.randomUUID();
        int port = FreePort.at(address);
        var published = new Ports();
        published.bind(ssh, Ports.Binding.bindIpAndPort(address, port));
        var mounts = Objects.requireNonNull(host.getMounts());
        mounts.getFirst().withSource(name + "-home");
        var create = client.createContainerCmd(
                        Objects.requireNonNull(like.getConfig().getImage()))
                .withName(name)
                .withLabels(Map.of(LABEL, "true"))
                .withEnv(List.of("NVIDIA_VISIBLE_DEVICES=void"))
                .withExposedPorts(ssh)
                .withHostConfig(host.withMounts(mounts).withPortBindings(published));
        try {
            long began = System.nanoTime();
            String id = create.exec().getId();
            client.startContainerCmd(id).exec();
            banner.await(address, port);
            return System.nanoTime() - began;
        } catch (DockerException e) {
            throw new BenchException("the engine refused the raw container: " + e.getMessage(), e);
        } finally {
            remove(name);
        }
    }

    private void remove(String name) {
        try {
            client.removeContainerCmd(name).withForce(true).exec();
            client.removeVolumeCmd(name + "-home").exec();
        } catch (DockerException e) {
            System.err.println("bench: container or volume " + name + " stays: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        close(client);
    }

    private static void close(DockerClient client) {
        try {
            client.close();
        } catch (IOException e) {
            // It was for asking, and is not needed any more.
        }
    }
}
