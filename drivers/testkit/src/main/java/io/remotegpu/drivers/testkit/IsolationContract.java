package io.remotegpu.drivers.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.spi.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What a user cannot do from inside an environment, tried from inside over SSH, in every mode. Two environments are brought
 * up once: one whose user tries everything, and another that must notice nothing of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class IsolationContract {

    /** Of both environments, in bytes. */
    protected static final long MEMORY = 256 * TestDeployments.MEGABYTE;

    private static final String METADATA = "169.254.169.254:80";
    /** Docker twice, Kubernetes' API and its agents, libvirt; Temporal, PostgreSQL, our API. */
    private static final List<Integer> USUAL_PORTS = List.of(2375, 2376, 6443, 10250, 16509, 7233, 5432, 8080);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Deployment one;
    private Deployment other;

    /** Connects to the engine, or skips the test; the first that is called. */
    protected abstract void connect();

    /** Leaves nothing behind. */
    protected abstract void disconnect();

    protected abstract EnvironmentDriver driver();

    protected abstract TestDeployments deployments();

    /** Runs a command as the user, by a POSIX shell. */
    protected abstract SshLogin.Result ssh(Deployment deployment, String command);

    /** {@code address:port} under which it could be reached past its leased ports; empty where there is no such way. */
    protected abstract List<String> behindThePorts(Deployment deployment);

    /** How many processes an environment may have at most; none of the host's count. */
    protected abstract int processLimit();

    /** Whether the kernel inside is the host's. */
    protected abstract boolean sharesTheKernel();

    /** Aborts where the engine itself says that it does not enforce what it is told about networks. */
    protected void assumeNetworksAreEnforced() {}

    /** Under which the host could be reached from inside. */
    protected List<String> hostAddresses() {
        try (Stream<NetworkInterface> interfaces = NetworkInterface.networkInterfaces()) {
            return interfaces
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .map(address -> address.getHostAddress())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command that makes 1,000 processes, or as many as it may, and prints how many; it ends them after some seconds. */
    protected String forkBomb() {
        return """
                python3 -c '
                import os, signal, time
                children = []
                try:
                    while len(children) < 1000:
                        child = os.fork()
                        if child == 0:
                            signal.pause()
                        children.append(child)
                except OSError as error:
                    pass
                print(len(children), flush=True)
                time.sleep(3)
                for child in children:
                    os.kill(child, signal.SIGKILL)
                '""";
    }

    /** Takes four times the memory that there is. */
    protected String memoryHog() {
        return "exec python3 -c 'x = bytearray(1 << 30)'";
    }

    @BeforeAll
    void bringBothUp() {
        connect();
        one = deployments().terminal();
        // Open at every address of the host, as a user's is.
        Deployment local = deployments().terminal();
        other = new Deployment(
                local.id(),
                local.owner(),
                local.spec(),
                local.gpus(),
                local.ports().stream()
                        .map(port -> new PortBinding(port.service(), "0.0.0.0", port.port()))
                        .toList(),
                local.credentials());
        one = TestDeployments.withSize(one, 1, MEMORY);
        other = TestDeployments.withSize(other, 1, MEMORY);
        for (Deployment deployment : List.of(one, other)) {
            driver().deploy(deployment, Progress.silent());
        }
        for (Deployment deployment : List.of(one, other)) {
            awaitRunning(deployment);
        }
    }

    @AfterAll
    void takeBothDown() {
        disconnect();
    }

    @Test
    void noSocketOfAnEngineIsInside() {
        assertThat(inside("for folder in /run /var/run /tmp /var/lib /srv; do find $folder -name '*.sock' -o -name"
                        + " 'libvirt-sock*' -o -name '*-monitor'; done 2>/dev/null; true"))
                .as("sockets")
                .doesNotContain("docker", "containerd", "crio", "kubelet", "libvirt", "monitor");
    }

    @Test
    void noAccountOfTheControlPlaneIsInside() {
        assertThat(inside("ls /var/run/secrets/kubernetes.io /root/.kube /root/.docker /etc/kubernetes 2>&1"
                        + " | grep -v -e 'No such file' -e 'Permission denied'; true"))
                .isEmpty();
        assertThat(inside("env"))
                .doesNotContain("TEMPORAL", "POSTGRES", "DATASOURCE", "REMOTEGPU_", "DOCKER_HOST", "KUBECONFIG");
    }

    @Test
    void theUserHasNoPowerOverTheHost() {
        assertThat(inside("id -u")).isEqualTo("1000");
        if (!sharesTheKernel()) {
            return; // root inside has power over that machine alone
        }
        String none = "0000000000000000";
        assertThat(inside("grep -E '^(Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\t'")
                        .lines())
                .containsExactlyInAnyOrder(
                        "CapPrm:" + none,
                        "CapEff:" + none,
                        "CapBnd:" + none,
                        "CapAmb:" + none,
                        "NoNewPrivs:1",
                        "Seccomp:2");
        assertThat(inside("mount -t tmpfs none /mnt 2>&1; unshare -r true 2>&1; true"))
                .contains("must be superuser")
                .contains("unshare failed: Operation not permitted");
    }

    @Test
    void whatTheHostListensOnIsNotReachedFromInside() throws IOException {
        assumeNetworksAreEnforced();
        try (var listener = new OpenPort()) {
            List<String> targets = new ArrayList<>(List.of(METADATA));
            for (String address : hostAddresses()) {
                targets.add(address + ":" + listener.number());
                USUAL_PORTS.forEach(port -> targets.add(address + ":" + port));
            }
            assertThat(listener.answersThisMachine()).isTrue();
            assertThat(reached(targets)).isEmpty();
            assertThat(listener.connections()).as("connections but our own").isEqualTo(1);
        }
    }

    @Test
    void anotherEnvironmentIsNotReachedFromInside() {
        assumeNetworksAreEnforced();
        String itself = "127.0.0.1:" + Service.SSH.containerPort();
        assertThat(reached(List.of(itself))).as("the way it is tried").containsExactly(itself);
        List<String> targets = new ArrayList<>(behindThePorts(other));
        hostAddresses().forEach(address -> targets.add(address + ":" + TestDeployments.port(other, Service.SSH)));
        assertThat(ssh(other, "echo here").out().strip()).isEqualTo("here");
        assertThat(reached(targets)).isEmpty();
    }

    @Test
    void aForkBombEndsAtTheLimitAndNobodyElseNotices() throws Exception {
        int limit = processLimit();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var bomb = threads.submit(() -> inside(forkBomb()));
            while (!bomb.isDone()) {
                assertThat(ssh(other, "echo here").out().strip()).isEqualTo("here");
                assertThat(driver().observe(other.id())).isEqualTo(Observation.running());
            }
            assertThat(Integer.parseInt(bomb.get())).isBetween(Math.min(100, limit / 2), limit);
        }
        awaitRunning(one);
    }

    @Test
    void whoTakesMoreMemoryThanGivenIsEndedAndNobodyElseNotices() {
        try {
            Integer exit = ssh(one, memoryHog()).exit();
            assertThat(exit == null || exit != 0).as("exit code " + exit).isTrue();
        } catch (UncheckedIOException sessionEnded) {
            assertThat(sessionEnded).as("the kernel may end all of it").hasMessageContaining("ssh to");
        }
        awaitRunning(one);
        assertThat(inside("echo here")).isEqualTo("here");
        assertThat(ssh(other, "echo here").out().strip()).isEqualTo("here");
    }

    /** The environment whose user tries to break out. */
    protected final Deployment one() {
        return one;
    }

    /** The one that must not notice. */
    protected final Deployment other() {
        return other;
    }

    /** What a command prints, of both streams. */
    protected final String inside(String command) {
        return ssh(one, command).out().strip();
    }

    /** Those of them that a connection can be made to from inside. */
    protected final List<String> reached(List<String> targets) {
        // A busybox has no bash, and a Debian no nc.
        String connect = "if command -v bash >/dev/null; then timeout 3 bash -c \"exec 3<>/dev/tcp/${t%%:*}/${t##*:}\";"
                + " else timeout 4 nc -w 3 ${t%%:*} ${t##*:} -e true; fi";
        return inside("for t in " + String.join(" ", targets) + "; do ( (" + connect
                        + ") 2>/dev/null && echo \"reached $t\" ) & done; wait")
                .lines()
                .filter(line -> line.startsWith("reached "))
                .map(line -> line.substring("reached ".length()))
                .toList();
    }

    private void awaitRunning(Deployment deployment) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Observation seen = driver().observe(deployment.id());
        while (!seen.equals(Observation.running()) && System.nanoTime() < deadline) {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            seen = driver().observe(deployment.id());
        }
        assertThat(seen).isEqualTo(Observation.running());
    }
}
