package io.remotegpu.drivers.kubernetes;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.testkit.Inside;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A pod as its user sees it, over SSH. */
record InsidePod(TestCluster cluster, Deployment deployment) implements Inside {

    /** What the test's device plugin calls its devices. */
    private static final Pattern FAKE_GPU = Pattern.compile("GPU-fake-(\\d+)");

    @Override
    public void write(String name, String content) {
        run("printf %s '" + content + "' > ~/" + name);
    }

    @Override
    public String read(String name) {
        return run("cat ~/" + name + " 2>/dev/null || true");
    }

    @Override
    public String variable(String name) {
        return run("printenv " + name + " || true").stripTrailing();
    }

    @Override
    public Set<Integer> gpus() {
        return FAKE_GPU.matcher(variable("NVIDIA_VISIBLE_DEVICES"))
                .results()
                .map(match -> Integer.valueOf(match.group(1)))
                .collect(Collectors.toSet());
    }

    @Override
    public long memoryLimit() {
        return Long.parseLong(cgroup("memory.max", "memory/memory.limit_in_bytes"));
    }

    @Override
    public double cpuLimit() {
        String[] both = cgroup("cpu.max", "cpu/cpu.cfs_quota_us").split(" ", -1);
        String period = both.length == 2 ? both[1] : cgroup("none", "cpu/cpu.cfs_period_us");
        return Double.parseDouble(both[0]) / Double.parseDouble(period);
    }

    private String cgroup(String version2, String version1) {
        return run("cat /sys/fs/cgroup/" + version2 + " 2>/dev/null || cat /sys/fs/cgroup/" + version1)
                .strip();
    }

    private String run(String command) {
        return cluster.run(deployment, command);
    }
}
