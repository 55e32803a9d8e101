package io.remotegpu.drivers.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.spi.Service;
import io.remotegpu.drivers.spi.probe.ServiceProbe;
import io.remotegpu.drivers.testkit.SshLogin;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a user inside cannot do; all with one environment that its user may try to break out of. */
class ContainerIsolationIT {

    private static final long MEMORY = 256 * TestDeployments.MEGABYTE;
    private static final int PIDS = 200;

    private static TestEngine engine;
    private static DockerDriver strict;
    private static Deployment environment;

    @BeforeAll
    static void deploy() {
        engine = TestEngine.connect();
        strict = new DockerDriver(engine.settings().withPidsLimit(PIDS));
        environment = greedy(TestDeployments.withSize(engine.deployments().terminal(), 1, MEMORY));
        strict.deploy(environment, Progress.silent());
        Await.running(strict, environment.id());
    }

    @AfterAll
    static void close() {
        if (engine != null) {
            strict.close();
            engine.close();
        }
    }

    @Test
    void theUserHasNoCapabilityAndCanGainNone() {
        assertThat(inside("id -u")).isEqualTo("1000");
        String none = "0000000000000000";
        assertThat(inside("grep -E 'Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs' /proc/self/status | tr -d '\\t' | tr '\\n' ' '"))
                .isEqualTo(
                        "CapPrm:" + none + " CapEff:" + none + " CapBnd:" + none + " CapAmb:" + none + " NoNewPrivs:1");
        assertThat(inside("mount -t tmpfs none /mnt 2>&1; unshare -r true 2>&1; true"))
                .contains("must be superuser")
                .contains("unshare failed: Operation not permitted");
    }

    @Test
    void nothingOfTheHostIsMountedButTheHomeFolder() {
        InspectContainerResponse container = engine.client()
                .inspectContainerCmd(Labels.container(environment.id()))
                .exec();
        assertThat(container.getMounts()).singleElement().satisfies(mount -> {
            assertThat(mount.getName()).isEqualTo(Labels.volume(environment.id()));
            assertThat(mount.getDestination().getPath()).isEqualTo("/home/dev");
        });
        assertThat(container.getHostConfig().getPrivileged()).isFalse();
        assertThat(inside("ls /var/run/docker.sock /run/docker.sock 2>&1; true"))
                .contains("No such file")
                .doesNotContain("\n/");
        assertThat(inside("ls -A /run/remotegpu")).isEqualTo("authorized_keys");
        assertThat(inside("stat -c '%a %u' /run/remotegpu/authorized_keys")).isEqualTo("400 1000");
    }

    @Test
    void aForkBombEndsAtTheLimitAndTheEnvironmentStays() {
        String forks = inside("""
                python3 -c '
                import os, signal
                children = []
                try:
                    while len(children) < 1000:
                        child = os.fork()
                        if child == 0:
                            signal.pause()
                        children.append(child)
                except OSError as error:
                    print(error.errno, len(children))
                for child in children:
                    os.kill(child, signal.SIGKILL)
                '""");
        assertThat(forks).matches("11 \\d+"); // EAGAIN
        assertThat(Integer.parseInt(forks.substring(3))).isBetween(100, PIDS);
        assertThat(strict.observe(environment.id())).isEqualTo(Observation.running());
    }

    @Test
    void whoUsesMoreMemoryThanGivenIsKilledAndTheEnvironmentStays() {
        SshLogin.Result hog = engine.ssh(environment, "exec python3 -c 'x = bytearray(1 << 30)'");
        assertThat(hog.exit()).isNotEqualTo(Integer.valueOf(0));
        assertThat(hog.out()).doesNotContain("MemoryError");
        assertThat(inside("cat /dev/shm/none 2>/dev/null; df -B1 --output=size /dev/shm | tail -1 | tr -d ' '"))
                .isEqualTo(Long.toString(MEMORY / 2));
        Await.running(strict, environment.id());
    }

    @Test
    void aVariableOpensNoGpu() {
        assertThat(inside("printenv NVIDIA_VISIBLE_DEVICES")).isEqualTo("void");
    }

    @Test
    void anotherEnvironmentCannotBeReachedOverTheBridge() {
        Deployment other = engine.deployments().terminal();
        engine.driver().deploy(other, Progress.silent());
        Await.running(engine.driver(), other.id());
        String address = engine.client()
                .inspectContainerCmd(Labels.container(other.id()))
                .exec()
                .getNetworkSettings()
                .getNetworks()
                .get(engine.settings().network())
                .getIpAddress();
        int port = Service.SSH.containerPort();
        assertThat(new ServiceProbe(Duration.ofSeconds(5))
                        .probe(Service.SSH, address, port)
                        .answers())
                .as("the host reaches it there")
                .isTrue();
        String connect = "timeout 3 bash -c 'exec 3<>/dev/tcp/%s/" + port + " && echo connected' 2>&1; true";
        assertThat(inside(connect.formatted("127.0.0.1")))
                .as("the same way to itself")
                .isEqualTo("connected");
        assertThat(inside(connect.formatted(address))).doesNotContain("connected");
        assertThat(inside(connect.formatted(Labels.container(other.id())))).doesNotContain("connected");
    }

    private static String inside(String command) {
        return engine.ssh(environment, command).out().strip();
    }

    private static Deployment greedy(Deployment plain) {
        EnvironmentSpec spec = plain.spec();
        return TestDeployments.withSpec(
                plain,
                new EnvironmentSpec(
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
                        0));
    }
}
