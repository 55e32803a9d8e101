package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.testkit.Inside;
import io.remotegpu.drivers.testkit.SshLogin;
import java.util.List;
import java.util.Set;

/** A machine as its user sees it, over SSH. */
record InsideMachine(TestLibvirt engine, Deployment deployment) implements Inside {

    private static final long MEGABYTE = 1L << 20;

    @Override
    public void write(String name, String content) {
        assertThat(engine.ssh(deployment, "printf %s '" + content + "' > ~/" + name)
                        .exit())
                .isZero();
    }

    @Override
    public String read(String name) {
        return run("cat ~/" + name + " 2>/dev/null || true");
    }

    @Override
    public void print(List<String> lines) {
        run("printf '%s\\n' " + String.join(" ", lines) + " > /dev/ttyS0");
    }

    @Override
    public String variable(String name) {
        return run("printf %s \"${" + name + "-}\"");
    }

    /** There are none on the machines that these tests run on: what matters is that nothing else shows up. */
    @Override
    public Set<Integer> gpus() {
        String found = run("for c in /sys/bus/pci/devices/*/class; do grep -l '^0x03' $c || true; done");
        return found.isBlank() ? Set.of() : Set.of(-1);
    }

    /** What the firmware hands to the kernel; it keeps less than a megabyte for itself. */
    @Override
    public long memoryLimit() {
        long usable = run("for m in /sys/firmware/memmap/*; do if [ \"$(cat $m/type)\" = 'System RAM' ]; then"
                        + " echo $(cat $m/start) $(cat $m/end); fi; done")
                .lines()
                .mapToLong(line -> Long.decode(line.split(" ", -1)[1]) - Long.decode(line.split(" ", -1)[0]) + 1)
                .sum();
        return (usable + MEGABYTE - 1) / MEGABYTE * MEGABYTE;
    }

    @Override
    public double cpuLimit() {
        return Double.parseDouble(run("nproc").strip());
    }

    private String run(String command) {
        SshLogin.Result result = engine.ssh(deployment, command);
        assertThat(result.exit()).as(result.out()).isZero();
        return result.out();
    }
}
