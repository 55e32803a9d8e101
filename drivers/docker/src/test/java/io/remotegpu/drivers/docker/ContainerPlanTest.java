package io.remotegpu.drivers.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.core.DockerClientConfig;
import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.GpuDevice;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ContainerPlanTest {

    private static final DockerDriverSettings SETTINGS =
            DockerDriverSettings.defaults("unix:///nowhere.sock", "golden");
    private static final DiskQuotas BOTH = new DiskQuotas(true, true);
    private static final ObjectMapper JSON = DockerClientConfig.getDefaultObjectMapper();

    @Test
    void theEngineIsAskedForExactlyThis() throws IOException {
        assertThat(requested(ide(), GpuAccess.CDI)).isEqualTo(golden("ide-with-two-gpus.json"));
    }

    @Test
    void noSecretIsPartOfIt() throws IOException {
        assertThat(requested(ide(), GpuAccess.CDI).toString())
                .doesNotContain("AAAAkey")
                .doesNotContain("jupytersecret")
                .doesNotContain("vncsecret");
    }

    @Test
    void aDeviceRequestNamesTheSameGpus() throws IOException {
        JsonNode asked = requested(ide(), GpuAccess.DEVICE_REQUEST);
        assertThat(asked.at("/HostConfig/DeviceRequests").toString())
                .isEqualTo("[{\"Driver\":\"nvidia\",\"DeviceIDs\":[\"GPU-aa\",\"3\"],\"Capabilities\":[[\"gpu\"]]}]");
        assertThat(asked.at("/Env").toString()).contains("NVIDIA_VISIBLE_DEVICES=GPU-aa,3");
    }

    @Test
    void gpusCanBeNamedByIndexAlone() throws IOException {
        var byIndex =
                SETTINGS.withGpus(new DockerDriverSettings.Gpus(GpuAccess.CDI, "remotegpu.test/gpu", GpuNaming.INDEX));
        var plan = ContainerPlan.of(ide(), byIndex, GpuAccess.CDI, BOTH);
        assertThat(plan.hostConfig().getDeviceRequests().getFirst().getDeviceIds())
                .containsExactly("remotegpu.test/gpu=1", "remotegpu.test/gpu=3");
    }

    @Test
    void aUserCannotOpenMoreGpusByVariable() {
        Deployment none = TestDeployments.withGpus(ide());
        EnvironmentSpec spec = none.spec();
        Deployment greedy = TestDeployments.withSpec(
                none,
                new EnvironmentSpec(
                        spec.name(),
                        spec.type(),
                        spec.mode(),
                        spec.cpu(),
                        spec.memory(),
                        0,
                        spec.storage(),
                        spec.image(),
                        Map.of("NVIDIA_VISIBLE_DEVICES", "all"),
                        null,
                        null,
                        null,
                        null,
                        0));
        assertThat(ContainerPlan.of(greedy, SETTINGS, GpuAccess.CDI, BOTH).env())
                .containsExactly("NVIDIA_VISIBLE_DEVICES=void");
    }

    @Test
    void theHashTellsDeploymentsApart() {
        Deployment one = ide();
        assertThat(hash(TestDeployments.withSize(one, 2, 4L << 30))).isEqualTo(hash(one));
        assertThat(hash(TestDeployments.withKeys(one, List.of()))).isEqualTo(hash(one));
        assertThat(List.of(
                        hash(TestDeployments.withSize(one, 3, 4L << 30)),
                        hash(TestDeployments.withSize(one, 2, 5L << 30)),
                        hash(TestDeployments.withImage(one, "remotegpu/ide:2")),
                        hash(TestDeployments.withGpus(one, 1, 2)),
                        hash(TestDeployments.onOtherPorts(one)),
                        hash(
                                one,
                                SETTINGS.withLimits(
                                        DockerDriverSettings.Limits.defaults().withProcesses(100))),
                        hash(
                                one,
                                SETTINGS.withGpus(new DockerDriverSettings.Gpus(
                                        GpuAccess.CDI, "nvidia.com/gpu", GpuNaming.INDEX)))))
                .doesNotContain(hash(one))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        Deployment one = ide();
        var fewerGpus = new Deployment(one.id(), one.owner(), one.spec(), List.of(), one.ports(), one.credentials());
        var fewerPorts = new Deployment(
                one.id(), one.owner(), one.spec(), one.gpus(), one.ports().subList(0, 1), one.credentials());
        for (Deployment wrong : List.of(fewerGpus, fewerPorts)) {
            assertThatThrownBy(() -> ContainerPlan.of(wrong, SETTINGS, GpuAccess.CDI, BOTH))
                    .isInstanceOfSatisfying(
                            DriverException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_SPEC));
        }
    }

    @Test
    void whatTheEngineCannotLimitIsNotAskedFor() {
        String home = "create remotegpu-1: quota size requested but no quota support";
        String rest = "--storage-opt is supported only for overlay over xfs with 'pquota' mount option";
        assertThat(BOTH.without(home)).isEqualTo(new DiskQuotas(false, true));
        assertThat(BOTH.without(rest)).isEqualTo(new DiskQuotas(true, false));
        assertThat(BOTH.without("no space left on device")).isEqualTo(BOTH);
        var host = ContainerPlan.of(ide(), SETTINGS, GpuAccess.CDI, new DiskQuotas(false, false))
                .hostConfig();
        assertThat(host.getStorageOpt()).isNull();
        assertThat(host.getMounts().getFirst().getVolumeOptions().getDriverConfig())
                .isNull();
    }

    @Test
    void servicesAreReadBackFromTheirLabel() {
        List<PortBinding> ports =
                List.of(new PortBinding(Service.SSH, "::1", 22001), new PortBinding(Service.VNC, "0.0.0.0", 22002));
        assertThat(Labels.services(Map.of(Labels.SERVICES, Labels.services(ports))))
                .isEqualTo(ports);
    }

    private static String hash(Deployment deployment) {
        return hash(deployment, SETTINGS);
    }

    private static String hash(Deployment deployment, DockerDriverSettings settings) {
        return ContainerPlan.of(deployment, settings, GpuAccess.CDI, BOTH).hash();
    }

    private static JsonNode requested(Deployment deployment, GpuAccess access) throws IOException {
        try (var engine = new DockerEngine(SETTINGS)) {
            var command = ContainerPlan.of(deployment, SETTINGS, access, BOTH).asCommand(engine.client());
            JsonNode all = JSON.readTree(JSON.writeValueAsString(command));
            return withoutNulls(all);
        }
    }

    private static JsonNode withoutNulls(JsonNode node) {
        if (node.isContainerNode()) {
            node.elements().forEachRemaining(ContainerPlanTest::withoutNulls);
            if (node instanceof ObjectNode object) {
                object.properties().removeIf(field -> field.getValue().isNull());
            }
        }
        return node;
    }

    private static JsonNode golden(String name) throws IOException {
        try (InputStream file = ContainerPlanTest.class.getResourceAsStream("/" + name)) {
            return JSON.readTree(file);
        }
    }

    private static Deployment ide() {
        var spec = new EnvironmentSpec(
                "train-1",
                EnvironmentType.IDE,
                DeploymentMode.DOCKER,
                2,
                4L << 30,
                2,
                10L << 30,
                "remotegpu/ide:1",
                Map.of("WANDB_MODE", "offline"),
                null,
                null,
                null,
                null,
                0);
        return new Deployment(
                UUID.fromString("11111111-2222-3333-4444-555555555555"),
                "ada",
                spec,
                List.of(
                        new GpuDevice(1, "GPU-aa", "Test GPU", 80L << 30),
                        new GpuDevice(3, null, "Test GPU", 80L << 30)),
                List.of(
                        new PortBinding(Service.SSH, "10.0.0.7", 22001),
                        new PortBinding(Service.JUPYTER, "10.0.0.7", 22002)),
                new Credentials(List.of("ssh-ed25519 AAAAkey ada"), "jupytersecret", "vncsecret"));
    }
}
