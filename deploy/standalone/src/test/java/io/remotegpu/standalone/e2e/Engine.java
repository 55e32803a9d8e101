package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** What the Docker engine itself says of one installation; {@link #close()} removes all of it. */
final class Engine implements AutoCloseable {

    private static final String ENVIRONMENT = "io.remotegpu.environment";
    private static final String INSTALLATION = "io.remotegpu.installation=";

    private final String label;
    private final String network;
    private final DockerClient client;

    /** @param installation whose objects are looked at */
    Engine(String host, String installation, String network) {
        this.label = INSTALLATION + installation;
        this.network = network;
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(host)
                .build();
        this.client = DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(URI.create(host))
                        .build());
    }

    /** The environments that it has a container of. */
    Set<UUID> containers() {
        return client.listContainersCmd().withShowAll(true).withLabelFilter(List.of(label)).exec().stream()
                .map(container -> UUID.fromString(container.getLabels().get(ENVIRONMENT)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The environments whose container runs. */
    Set<UUID> running() {
        return client.listContainersCmd().withLabelFilter(List.of(label)).exec().stream()
                .map(container -> UUID.fromString(container.getLabels().get(ENVIRONMENT)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** As an operator does with what nobody knows. */
    void removeVolumes(UUID id) {
        client.listVolumesCmd()
                .withFilter("label", List.of(label, ENVIRONMENT + "=" + id))
                .exec()
                .getVolumes()
                .forEach(volume -> client.removeVolumeCmd(volume.getName()).exec());
    }

    /** The environments that it has a volume of. */
    Set<UUID> volumes() {
        return client.listVolumesCmd().withFilter("label", List.of(label)).exec().getVolumes().stream()
                .map(volume -> UUID.fromString(volume.getLabels().get(ENVIRONMENT)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether what that environment keeps may grow only so far. */
    boolean limitsHome(UUID id) {
        var homes = client.listVolumesCmd()
                .withFilter("label", List.of(label, ENVIRONMENT + "=" + id))
                .exec()
                .getVolumes();
        assertThat(homes).hasSize(1);
        var options = homes.getFirst().getOptions();
        return options != null && options.containsKey("size");
    }

    /** As somebody at the engine does who knows nothing of us. */
    void removeContainer(UUID id) {
        client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(label, ENVIRONMENT + "=" + id))
                .exec()
                .forEach(container -> client.removeContainerCmd(container.getId())
                        .withForce(true)
                        .exec());
    }

    @Override
    public void close() {
        client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(label))
                .exec()
                .forEach(container -> client.removeContainerCmd(container.getId())
                        .withForce(true)
                        .exec());
        client.listVolumesCmd()
                .withFilter("label", List.of(label))
                .exec()
                .getVolumes()
                .forEach(volume -> client.removeVolumeCmd(volume.getName()).exec());
        try {
            client.removeNetworkCmd(network).exec();
        } catch (NotFoundException e) {
            // nothing was deployed
        }
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
