package io.remotegpu.activities.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalMachineTest {

    private static final LibvirtSettings NO_MACHINES = LibvirtSettingsTest.bound(Map.of("uri", "off"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "node-1,node-1",
        "Node_1.example.com,node-1-example-com",
        "--x--,x",
        "'',this-machine",
        "ÄÖ,this-machine"
    })
    void idsAreFitForQueuesAndLabels(String name, String id) {
        assertThat(LocalMachine.sanitized(name)).isEqualTo(id);
        assertThat(LocalMachine.sanitized("n".repeat(90) + "-")).hasSize(63);
    }

    @Test
    void aRenamedMachineStaysTheSameHost() throws Exception {
        Path file = folder.resolve("host-id");
        Files.writeString(file, "its-old-name\n");

        HostReport report = LocalMachine.identifiedBy(
                        file,
                        new Addresses("0.0.0.0", "10.0.0.1"),
                        Map.of("DOCKER_HOST", "unix:///nowhere"),
                        NO_MACHINES)
                .report();

        assertThat(report.id()).isEqualTo("its-old-name");
    }

    @Test
    void itReportsWhatThisMachineHas() throws Exception {
        Path file = folder.resolve("host-id");

        HostReport report = LocalMachine.identifiedBy(
                        file,
                        new Addresses("0.0.0.0", "10.0.0.1"),
                        Map.of("DOCKER_HOST", "unix:///nowhere"),
                        NO_MACHINES)
                .report();

        assertThat(report.cpu()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(report.memory()).isGreaterThan(Runtime.getRuntime().maxMemory());
        assertThat(report.address()).isEqualTo("10.0.0.1");
        assertThat(report.bindAddress()).isEqualTo("0.0.0.0");
        assertThat(report.modes()).isEmpty();
        assertThat(report.engines()).containsExactly(DeploymentMode.DOCKER);
        assertThat(Files.readString(file).strip()).isEqualTo(report.id());
        assertThat(report.facts().get("disk")).contains("% of", "GiB used at /");
        assertThat(Integer.parseInt(report.facts().get("disk.used_percent"))).isBetween(0, 100);
    }

    /** The machine of somebody who has no libvirt: nothing is offered, and nothing is said. */
    @Test
    void withoutImagesOfVirtualMachinesThereIsNoWordOfThem() throws Exception {
        var absent = LibvirtSettingsTest.bound(
                Map.of("images", folder.resolve("absent").toString()));

        HostReport report = LocalMachine.identifiedBy(
                        folder.resolve("host-id"),
                        new Addresses("0.0.0.0", "10.0.0.1"),
                        Map.of("DOCKER_HOST", "unix:///nowhere"),
                        absent)
                .report();

        assertThat(report.modes()).isEmpty();
        assertThat(report.engines()).containsExactlyInAnyOrder(DeploymentMode.DOCKER, DeploymentMode.VM);
        assertThat(report.facts().keySet()).noneMatch(fact -> fact.startsWith("vm") || fact.equals("libvirt"));
    }
}
