package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The images that users get, built by deploy/images/vm/build.sh: from boot to login, over stop and start, to the end. Of the
 * terminal and of whatever else is built: emulated, an IDE takes minutes to boot.
 */
class WorkplaceIT {

    private static TestLibvirt engine;

    @BeforeAll
    static void connect() {
        engine = TestLibvirt.connect();
    }

    @AfterAll
    static void close() {
        if (engine != null) {
            engine.close();
        }
    }

    @AfterEach
    void removeWhatTheTestMade() {
        engine.driver().list().forEach(engine.driver()::remove);
    }

    @ParameterizedTest
    @MethodSource("builtTypes")
    void aWorkplaceKeepsItsHomeItsSystemAndItsHostKey(EnvironmentType type) {
        Deployment one = TestDeployments.withSize(engine.workplaces().of(type), 2, 1L << 30);
        deploy(one);
        assertThat(engine.ssh(one, "id -un; printf %s \"$GREETING\"").out())
                .isEqualTo("dev\n" + one.spec().env().get("GREETING"));
        String key = engine.ssh(
                        one, "cat ~/.remotegpu/ssh/*.pub; echo kept > workspace/file; sudo touch /opt/installed")
                .out();
        assertThat(engine.ssh(one, "df -B1 --output=size / | tail -n 1 | tr -d ' '")
                        .out()
                        .strip())
                .as("the file system grew into the disk")
                .satisfies(size -> assertThat(Long.parseLong(size))
                        .isGreaterThan(one.spec().storage()));

        engine.driver().stop(one.id(), Duration.ofMinutes(1));
        Deployment elsewhere = withoutVariables(TestDeployments.onOtherPorts(one));
        deploy(elsewhere);
        assertThat(engine.ssh(elsewhere, "cat workspace/file; ls /opt/installed; cat ~/.remotegpu/ssh/*.pub")
                        .out())
                .isEqualTo("kept\n/opt/installed\n" + key);
        assertThat(engine.ssh(elsewhere, "systemctl --failed --no-legend; printf %s \"$GREETING\"")
                        .out())
                .as("units that failed")
                .isEmpty();
        assertThat(engine.driver().logs(one.id(), 1000)).isNotEmpty();

        engine.driver().remove(one.id());
        assertThat(MachineFolder.of(engine.settings(), one.id()).exists()).isFalse();
    }

    private static Deployment withoutVariables(Deployment deployment) {
        EnvironmentSpec spec = deployment.spec();
        return TestDeployments.withSpec(
                deployment,
                new EnvironmentSpec(
                        spec.name(),
                        spec.type(),
                        spec.mode(),
                        spec.cpu(),
                        spec.memory(),
                        spec.gpu(),
                        spec.storage(),
                        spec.image(),
                        Map.of(),
                        null,
                        null,
                        null,
                        null,
                        0));
    }

    private static Stream<EnvironmentType> builtTypes() {
        if (!isBuilt(EnvironmentType.TERMINAL)) {
            TestLibvirt.absent("remotegpu/terminal:1 is not built: deploy/images/vm/build.sh terminal");
        }
        return Stream.of(EnvironmentType.values()).filter(WorkplaceIT::isBuilt);
    }

    private static boolean isBuilt(EnvironmentType type) {
        return Files.exists(engine.settings().images().resolve("remotegpu/" + type.wireName() + "/1"));
    }

    private static void deploy(Deployment deployment) {
        engine.driver().deploy(deployment, Progress.silent());
        Await.running(engine.driver(), deployment.id());
    }
}
