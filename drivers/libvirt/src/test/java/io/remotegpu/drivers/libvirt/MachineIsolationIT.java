package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.testkit.IsolationContract;
import io.remotegpu.drivers.testkit.SshLogin;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From inside a machine, as it is by default: it has a kernel of its own, and no way out. */
class MachineIsolationIT extends IsolationContract {

    /** As QEMU's user-mode network shows the host and its own services. */
    private static final List<String> HOST_INSIDE = List.of("10.0.2.2", "10.0.2.3", "10.0.2.4");

    /** Of QEMU on the host: the processors', and those that read and write. */
    private static final int THREADS = 100;

    private TestLibvirt engine;
    private LibvirtDriver driver;

    @Override
    protected void connect() {
        engine = TestLibvirt.connect();
        driver = new LibvirtDriver(engine.settings().withIsolated(true));
    }

    @Override
    protected void disconnect() {
        if (engine != null) {
            driver.close();
            engine.close();
        }
    }

    @Override
    protected EnvironmentDriver driver() {
        return driver;
    }

    @Override
    protected TestDeployments deployments() {
        return engine.deployments();
    }

    @Override
    protected SshLogin.Result ssh(Deployment deployment, String command) {
        return engine.ssh(deployment, command);
    }

    /** Each machine's network is its own: the other has the same address as this one. */
    @Override
    protected List<String> behindThePorts(Deployment deployment) {
        return List.of();
    }

    @Override
    protected List<String> hostAddresses() {
        List<String> addresses = new ArrayList<>(super.hostAddresses());
        addresses.addAll(HOST_INSIDE);
        return addresses;
    }

    @Override
    protected int processLimit() {
        return 150; // what the bomb below makes: none of them is the host's
    }

    @Override
    protected boolean sharesTheKernel() {
        return false;
    }

    @Override
    protected String forkBomb() {
        return "made=0; while [ $made -lt 150 ]; do sleep 5 & made=$((made + 1)); done; echo $made";
    }

    /** A file that ends nowhere, kept until its end. */
    @Override
    protected String memoryHog() {
        return "tail -c 1g /dev/zero";
    }

    @Test
    void noDeviceLeadsToTheHostButNetworkDiskAndRandomNumbers() {
        assertThat(inside("cat /sys/bus/virtio/devices/*/device | sort -u").lines())
                .isSubsetOf("0x0001", "0x0002", "0x0004");
        assertThat(inside("cut -d' ' -f3 /proc/mounts | sort -u").lines()).doesNotContain("9p", "virtiofs", "nfs");
    }

    @Test
    void theHostRunsTheMachineAsOneProcessOfAnUnprivilegedUser() throws IOException {
        ProcessHandle qemu = ProcessHandle.allProcesses()
                .filter(process ->
                        process.info().commandLine().orElse("").contains("guest=" + MachineNames.domain(one().id())))
                .findFirst()
                .orElseThrow();
        assertThat(qemu.info().user())
                .hasValueSatisfying(user -> assertThat(user).isNotEqualTo("root"));
        inside(forkBomb());
        try (var threads = Files.list(Path.of("/proc/" + qemu.pid() + "/task"))) {
            assertThat(threads.count()).isLessThan(THREADS);
        }
        assertThat(qemu.children()).isEmpty();
    }

    @Test
    void theDiskEndsWhereItWasSaidTo() throws IOException {
        long size = Qcow2Header.read(
                        MachineFolder.of(engine.settings(), one().id()).disk())
                .virtualSize();
        assertThat(Long.parseLong(inside("cat /sys/block/vda/size")) * 512).isEqualTo(size);
        assertThat(size).isLessThan(one().spec().storage() + 100 * TestDeployments.MEGABYTE);
    }
}
