package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DomainXmlTest {

    @ParameterizedTest
    @ValueSource(strings = {"ide-with-two-gpus-on-kvm.xml", "terminal-emulated-and-isolated.xml"})
    void libvirtIsAskedForExactlyThis(String golden) throws IOException {
        assertThat(asked(golden)).isEqualTo(golden(golden));
    }

    /** By libvirt's own tool and schemas. */
    @ParameterizedTest
    @ValueSource(strings = {"ide-with-two-gpus-on-kvm.xml", "terminal-emulated-and-isolated.xml"})
    void libvirtsSchemaAcceptsIt(String golden, @TempDir Path folder) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("domain.xml"), asked(golden));
        Process validation;
        try {
            validation = new ProcessBuilder("virt-xml-validate", file.toString(), "domain")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            TestLibvirt.absent("virt-xml-validate (package libvirt-clients) is not installed");
            return;
        }
        String said = new String(validation.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(validation.waitFor()).as(said).isZero();
    }

    @Test
    void noSecretIsPartOfIt() {
        assertThat(asked("ide-with-two-gpus-on-kvm.xml"))
                .doesNotContain("AAAAkey")
                .doesNotContain("jupytersecret");
    }

    @Test
    void theMetadataIsReadAsItWasWritten() {
        MachineMetadata metadata = kvm(Example.ide()).metadata();
        assertThat(MachineMetadata.parse(metadata.asXml())).contains(metadata);
        assertThat(MachineMetadata.parse("<environment id='1'/>")).isEmpty();
        assertThat(MachineMetadata.parse("no XML")).isEmpty();
    }

    @Test
    void theHashTellsDeploymentsApart() {
        Deployment one = Example.ide();
        assertThat(hash(TestDeployments.withSize(one, 2, 4L << 30))).isEqualTo(hash(one));
        assertThat(hash(TestDeployments.withKeys(one, List.of()))).isEqualTo(hash(one));
        assertThat(List.of(
                        hash(TestDeployments.withSize(one, 3, 4L << 30)),
                        hash(TestDeployments.withSize(one, 2, 5L << 30)),
                        hash(TestDeployments.withImage(one, "remotegpu/ide:2")),
                        hash(TestDeployments.onOtherPorts(one)),
                        MachinePlan.of(one, Example.SETTINGS, Example.IMAGE, List.of(), Acceleration.KVM)
                                .metadata()
                                .spec(),
                        MachinePlan.of(one, Example.SETTINGS, Example.IMAGE, Example.gpus(), Acceleration.EMULATION)
                                .metadata()
                                .spec()))
                .doesNotHaveDuplicates()
                .doesNotContain(hash(one));
    }

    private static String hash(Deployment deployment) {
        return kvm(deployment).metadata().spec();
    }

    private static String asked(String golden) {
        return DomainXml.of(golden.startsWith("ide") ? kvm(Example.ide()) : emulated());
    }

    private static MachinePlan kvm(Deployment deployment) {
        return MachinePlan.of(deployment, Example.SETTINGS, Example.IMAGE, Example.gpus(), Acceleration.KVM);
    }

    private static MachinePlan emulated() {
        return MachinePlan.of(
                TestDeployments.withGpus(Example.ide()),
                Example.SETTINGS.withIsolated(true),
                new BaseImage(Path.of("/images/debian/disk.qcow2"), null),
                List.of(),
                Acceleration.EMULATION);
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = DomainXmlTest.class.getResourceAsStream("/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
