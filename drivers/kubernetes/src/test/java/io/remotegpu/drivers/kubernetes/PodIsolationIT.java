package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fabric8.kubernetes.api.model.Pod;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.spi.Service;
import io.remotegpu.drivers.testkit.IsolationContract;
import io.remotegpu.drivers.testkit.SshLogin;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * From inside a pod. What the cluster has to do itself, it is asked for first: a network that does not enforce policies, or a
 * kubelet without a limit of processes, aborts those tests with that reason.
 */
class PodIsolationIT extends IsolationContract {

    private static final Pattern PROCESS_LIMIT = Pattern.compile("\"podPidsLimit\":\\s*(\\d+)");

    /** Outside of the home folder, in bytes. */
    private static final long DISK = 64L << 20;

    private TestCluster cluster;
    private KubernetesDriver driver;

    @Override
    protected void connect() {
        cluster = TestCluster.connect();
        // As docs/operations.md says: the pods, the services, and the nodes.
        List<String> closed = new ArrayList<>(List.of("172.28.0.0/24", "10.96.0.0/16"));
        hostAddresses().forEach(address -> closed.add(address + "/32"));
        PodSettings usual = PodSettings.defaults();
        driver = new KubernetesDriver(
                cluster.cluster(),
                cluster.settings()
                        .withPods(new PodSettings(
                                usual.gpuResource(),
                                usual.storageClass(),
                                usual.pullSecrets(),
                                usual.tolerations(),
                                usual.runtimeClass(),
                                usual.sharedMemoryPercent(),
                                DISK,
                                closed)));
    }

    @Override
    protected void disconnect() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Override
    protected EnvironmentDriver driver() {
        return driver;
    }

    @Override
    protected TestDeployments deployments() {
        return cluster.deployments();
    }

    @Override
    protected SshLogin.Result ssh(Deployment deployment, String command) {
        return cluster.ssh(deployment, command);
    }

    @Override
    protected List<String> behindThePorts(Deployment deployment) {
        String service = cluster.client()
                .services()
                .inNamespace(cluster.settings().namespace())
                .withName(Labels.name(deployment.id()))
                .get()
                .getSpec()
                .getClusterIP();
        int port = Service.SSH.containerPort();
        return List.of(podAddress(deployment) + ":" + port, service + ":" + port);
    }

    /** Of the kubelet: a pod cannot ask for one. */
    @Override
    protected int processLimit() {
        String settings =
                cluster.client().raw("/api/v1/nodes/" + cluster.settings().node() + "/proxy/configz");
        Matcher limit = PROCESS_LIMIT.matcher(settings);
        return limit.find()
                ? Integer.parseInt(limit.group(1))
                : abort("the node's kubelet has no podPidsLimit: start the test engine anew");
    }

    @Override
    protected boolean sharesTheKernel() {
        return true;
    }

    /** What the policies in the cluster say is asserted below: where they say it and pods reach pods, nobody enforces them. */
    @Override
    protected void assumeNetworksAreEnforced() {
        if (!reached(List.of(podAddress(other()) + ":" + Service.SSH.containerPort()))
                .isEmpty()) {
            abort("this cluster's network does not enforce network policies");
        }
    }

    @Test
    void theCredentialsAreReadOnlyAndOtherEnvironmentsAreNotNamed() {
        assertThat(inside("touch /run/remotegpu/x 2>&1; true")).contains("Read-only");
        assertThat(inside("printenv | cut -d= -f1")).doesNotContain(Labels.name(other().id()));
    }

    @Test
    void sharedMemoryEndsAtItsShareOfTheMemory() {
        assertThat(inside("stat -f -c %T /dev/shm")).isEqualTo("tmpfs");
        assertThat(inside("df -B1 --output=size /dev/shm | tail -1 | tr -d ' '"))
                .isEqualTo(Long.toString(MEMORY / 2));
    }

    @Test
    void whoWritesMoreThanGivenIsEndedByTheNodeAndNobodyElseNotices() {
        Deployment greedy = deployments().terminal();
        bringUp(greedy);
        assertThat(ssh(greedy, "head -c 32M /dev/urandom >/home/dev/kept; echo $?")
                        .out()
                        .strip())
                .isEqualTo("0");
        assertThat(ssh(greedy, "head -c 256M /dev/urandom >/tmp/full; echo $?")
                        .out()
                        .strip())
                .as("seen by the node only later")
                .isEqualTo("0");
        var ended = cluster.await(driver, greedy.id(), seen -> seen.state() == Observation.State.FAILED);
        assertThat(ended.reason()).contains("Evicted").contains("ephemeral");
        assertThat(ssh(other(), "echo here").out().strip()).isEqualTo("here");
        bringUp(greedy);
        assertThat(ssh(greedy, "stat -c %s /home/dev/kept; ls /tmp").out().strip())
                .isEqualTo(Long.toString(32L << 20));
    }

    @Test
    void thePolicyInTheClusterClosesWhatItShould() {
        var policy = cluster.client()
                .network()
                .v1()
                .networkPolicies()
                .inNamespace(cluster.settings().namespace())
                .withName(Labels.name(one().id()))
                .get()
                .getSpec();
        assertThat(policy.getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
        assertThat(policy.getEgress().getFirst().getTo().getFirst().getIpBlock().getExcept())
                .contains("169.254.0.0/16", "172.28.0.0/24", "10.96.0.0/16");
        assertThat(policy.getIngress())
                .singleElement()
                .satisfies(rule -> assertThat(rule.getPorts())
                        .singleElement()
                        .satisfies(
                                port -> assertThat(port.getPort().getIntVal()).isEqualTo(Service.SSH.containerPort())));
    }

    private void bringUp(Deployment deployment) {
        driver.deploy(deployment, Progress.silent());
        cluster.await(driver, deployment.id(), Observation.running()::equals);
    }

    private String podAddress(Deployment deployment) {
        Pod pod = cluster.client()
                .pods()
                .inNamespace(cluster.settings().namespace())
                .withName(Labels.name(deployment.id()))
                .get();
        return pod.getStatus().getPodIP();
    }
}
