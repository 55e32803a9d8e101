package io.remotegpu.drivers.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A container as its user sees it, by a shell over SSH.
 *
 * @param shell runs a command as the user
 * @param gpu matches each fake GPU's trace in the user's variables; its group is the index
 */
public record InsideContainer(Function<String, SshLogin.Result> shell, Pattern gpu) implements Inside {

    @Override
    public void write(String name, String content) {
        run("printf %s '" + content + "' > ~/" + name);
    }

    @Override
    public String read(String name) {
        return run("cat ~/" + name + " 2>/dev/null || true");
    }

    /** To the main process's own output, which is its user's. */
    @Override
    public void print(List<String> lines) {
        run("printf '%s\\n' " + String.join(" ", lines) + " > /proc/1/fd/1");
    }

    @Override
    public String variable(String name) {
        return run("printenv " + name + " || true").stripTrailing();
    }

    @Override
    public Set<Integer> gpus() {
        return gpu.matcher(run("env"))
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
        SshLogin.Result result = shell.apply(command);
        assertThat(result.exit()).as(result.out()).isZero();
        return result.out();
    }
}
