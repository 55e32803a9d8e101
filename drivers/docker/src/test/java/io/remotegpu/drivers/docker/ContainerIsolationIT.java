package io.remotegpu.drivers.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse;
import io.remotegpu.drivers.docker.PacketFilter.FilterException;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.spi.Service;
import io.remotegpu.drivers.spi.probe.ServiceProbe;
import io.remotegpu.drivers.testkit.IsolationContract;
import io.remotegpu.drivers.testkit.SshLogin;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From inside a container; what is closed to it on the network, this test needs root to have closed. */
class ContainerIsolationIT extends IsolationContract {

    private static final int PIDS = 200;

    private TestEngine engine;
    private DockerDriver strict;

    @Override
    protected void connect() {
        engine = TestEngine.connect();
        strict = new DockerDriver(engine.settings()
                .withLimits(DockerDriverSettings.Limits.defaults().withProcesses(PIDS))
                .withFirewall(Firewall.REQUIRED, List.of(DockerDriverSettings.METADATA)));
    }

    @Override
    protected void disconnect() {
        if (engine != null) {
            strict.close();
            engine.close();
        }
    }

    @Override
    protected EnvironmentDriver driver() {
        return strict;
    }

    @Override
    protected TestDeployments deployments() {
        return engine.deployments();
    }

    @Override
    protected SshLogin.Result ssh(Deployment deployment, String command) {
        return engine.ssh(deployment, command);
    }

    @Override
    protected List<String> behindThePorts(Deployment deployment) {
        return List.of(address(deployment) + ":2222", Labels.container(deployment.id()) + ":2222");
    }

    @Override
    protected int processLimit() {
        return PIDS;
    }

    @Override
    protected boolean sharesTheKernel() {
        return true;
    }

    @Test
    void nothingOfTheHostIsMountedButTheHomeFolder() {
        InspectContainerResponse container = inspect(one());
        assertThat(container.getMounts()).singleElement().satisfies(mount -> {
            assertThat(mount.getName()).isEqualTo(Labels.volume(one().id()));
            assertThat(mount.getDestination().getPath()).isEqualTo("/home/dev");
        });
        assertThat(container.getHostConfig().getPrivileged()).isFalse();
        assertThat(inside("ls -A /run/remotegpu")).isEqualTo("authorized_keys");
        assertThat(inside("stat -c '%a %u' /run/remotegpu/authorized_keys")).isEqualTo("400 1000");
    }

    @Test
    void sharedMemoryEndsAtItsShareOfTheMemory() {
        assertThat(inside("df -B1 --output=size /dev/shm | tail -1 | tr -d ' '"))
                .isEqualTo(Long.toString(MEMORY / 2));
        assertThat(inside("head -c 200M /dev/zero >/dev/shm/full; rm /dev/shm/full"))
                .contains("No space left on device");
    }

    /**
     * As the engine's file system has it: the limit holds, or nobody is brought up without it. Which of both is to be, {@code
     * deploy/engines/docker/quotas.sh} says.
     */
    @Test
    void whereDisksAreToBeLimitedTheyAreOrNothingIsBroughtUp() {
        long rest = 64L << 20;
        var limits = DockerDriverSettings.Limits.defaults().withDisk(DiskLimits.REQUIRED, rest);
        Deployment greedy = engine.deployments().terminal();
        try (var limited = new DockerDriver(engine.settings().withLimits(limits))) {
            limited.deploy(greedy, Progress.silent());
            Await.running(limited, greedy.id());
            assertThat(ssh(greedy, "head -c 128M /dev/zero >/tmp/full; true").out())
                    .containsPattern("quota exceeded|No space left");
            assertThat(ssh(greedy, "fallocate -l " + 2 * greedy.spec().storage() + " ~/full; true")
                            .out())
                    .containsPattern("quota exceeded|No space left");
        } catch (DriverException refused) {
            assertThat(System.getenv("REMOTEGPU_TEST_DISK_QUOTAS"))
                    .as("the engine's file system has quotas, and yet %s", refused.getMessage())
                    .isNull();
            assertThat(refused.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
            assertThat(refused).hasMessageContaining("docker.disk-limits");
            assertThat(strict.observe(greedy.id())).isEqualTo(Observation.absent());
        }
    }

    @Test
    void whatTheEngineDoesNotLimitOrCloseIsSaid() {
        strict.list();
        var home = engine.client().inspectVolumeCmd(Labels.volume(one().id())).exec();
        var storage = inspect(one()).getHostConfig().getStorageOpt();
        assertThat(strict.unguarded().containsKey("home"))
                .as("options of the volume: " + home.getOptions())
                .isEqualTo(home.getOptions() == null || !home.getOptions().containsKey(DiskQuotas.SIZE));
        assertThat(strict.unguarded().containsKey("rest"))
                .as("options of the container: " + storage)
                .isEqualTo(storage == null || storage.isEmpty());
        assertThat(strict.unguarded()).as("its rules are required, and it runs").doesNotContainKey("network");
    }

    @Test
    void aVariableOpensNoGpu() {
        Deployment plain = engine.deployments().terminal();
        Deployment greedy = TestDeployments.withSpec(plain, wantingAllGpus(plain.spec()));
        strict.deploy(greedy, Progress.silent());
        Await.running(strict, greedy.id());
        assertThat(ssh(greedy, "printenv NVIDIA_VISIBLE_DEVICES").out().strip()).isEqualTo("void");
    }

    @Test
    void theHostItselfReachesWhatOthersDoNot() {
        assertThat(new ServiceProbe(Duration.ofSeconds(5))
                        .probe(Service.SSH, address(other()), Service.SSH.containerPort())
                        .answers())
                .isTrue();
    }

    @Test
    void thereIsNoOtherNetworkThanTheFilteredOne() {
        assertThat(inside("grep -v ' lo$' /proc/net/if_inet6; true"))
                .as("addresses of IPv6")
                .isEmpty();
        assertThat(inside("ls /sys/class/net | tr '\\n' ' '")).isEqualTo("eth0 lo");
    }

    @Test
    void theCloudsMetadataIsRefusedByTheHostAtOnce() {
        assertThat(inside("timeout 3 bash -c 'exec 3<>/dev/tcp/169.254.169.254/80' 2>&1; true"))
                .contains("No route to host");
    }

    @Test
    void theRulesComeBackWhenSomebodyEmptiesTheFilter() throws FilterException {
        String bridge = "br-"
                + engine.client()
                        .inspectNetworkCmd()
                        .withNetworkId(engine.settings().network())
                        .exec()
                        .getId()
                        .substring(0, 12);
        String chain = PacketFilter.chain(bridge);
        assertThat(filter("-S", chain)).contains("169.254.0.0/16");
        filter("-D", "INPUT", "-i", bridge, "-j", chain);
        filter("-F", chain);
        try (var restarted = new DockerDriver(engine.settings())) {
            restarted.list();
        }
        assertThat(filter("-S", chain)).contains("169.254.0.0/16");
        assertThat(filter("-S", "INPUT")).containsOnlyOnce("-A INPUT -i " + bridge + " -j " + chain);
        new PacketFilter().close(bridge, List.of(DockerDriverSettings.METADATA, "198.51.100.0/24"));
        assertThat(filter("-S", chain)).containsOnlyOnce("198.51.100.0/24").containsOnlyOnce("169.254.0.0/16");
        assertThat(filter("-S", "DOCKER-USER")).containsOnlyOnce("-i " + bridge);
    }

    private static String filter(String... arguments) {
        try {
            var command = new ArrayList<>(List.of("iptables", "-w", "10"));
            command.addAll(List.of(arguments));
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String address(Deployment deployment) {
        return inspect(deployment)
                .getNetworkSettings()
                .getNetworks()
                .get(engine.settings().network())
                .getIpAddress();
    }

    private InspectContainerResponse inspect(Deployment deployment) {
        return engine.client()
                .inspectContainerCmd(Labels.container(deployment.id()))
                .exec();
    }

    private static EnvironmentSpec wantingAllGpus(EnvironmentSpec spec) {
        return new EnvironmentSpec(
                spec.name(),
                spec.type(),
                spec.mode(),
                spec.cpu(),
                spec.memory(),
                spec.gpu(),
                spec.storage(),
                spec.image(),
                Map.of("NVIDIA_VISIBLE_DEVICES", "all"),
                null,
                null,
                null,
                null,
                0);
    }
}
