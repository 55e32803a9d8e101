package io.remotegpu.activities.host;

import io.remotegpu.activities.engine.GpuLook;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether GPUs are clean, as {@code nvidia-smi} tells: no process on it, next to no memory in use, no error. A machine without
 * the tool has nothing to tell of, and neither has one whose GPU is handed over to a virtual machine as a whole.
 */
final class GpuCheck implements GpuLook {

    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** What a driver may keep for itself, in MiB; a process that uses a GPU has hundreds more. */
    private static final long MOST_USED = 1024;

    private final Tool tool;
    private final GpuProbe probe;

    GpuCheck() {
        this(new Tool("nvidia-smi", PATIENCE), new GpuProbe());
    }

    GpuCheck(Tool tool, GpuProbe probe) {
        this.tool = tool;
        this.probe = probe;
    }

    @Override
    public Map<String, String> notClean(Collection<String> gpus) throws InterruptedException {
        Predicate<String> meant = uuid -> gpus.isEmpty() || gpus.contains(uuid);
        try {
            var reasons = new TreeMap<String, String>();
            var processes = ask("--query-compute-apps=gpu_uuid,pid,process_name,used_memory");
            var memory = ask("--query-gpu=uuid,memory.used");
            if (processes == null || memory == null) {
                return Map.of();
            }
            if (!processes.isGood() || !memory.isGood()) {
                return unknown(gpus, (processes.isGood() ? memory : processes).complaint());
            }
            used(memory.output(), meant, reasons);
            running(processes.output(), meant, reasons);
            for (var gpu : probe.probe().gpus()) {
                var error = gpu.error();
                if (error != null && meant.test(gpu.uuid())) {
                    reasons.put(gpu.uuid(), error);
                }
            }
            return reasons;
        } catch (Tool.SilentException e) {
            return unknown(gpus, e.reason());
        }
    }

    private Tool.@Nullable Answer ask(String query) throws Tool.SilentException, InterruptedException {
        return tool.ask(query, "--format=csv,noheader,nounits");
    }

    /** Never silently given: who cannot be looked at is not clean. */
    private static Map<String, String> unknown(Collection<String> gpus, String why) {
        if (gpus.isEmpty()) {
            throw new DriverException(ErrorKind.ENGINE_UNAVAILABLE, "this machine's GPUs cannot be looked at: " + why);
        }
        var reasons = new LinkedHashMap<String, String>();
        gpus.forEach(uuid -> reasons.put(uuid, "it could not be checked after its use: " + why));
        return reasons;
    }

    private static void used(String lines, Predicate<String> meant, Map<String, String> reasons) {
        lines.lines()
                .map(line -> line.split(",", -1))
                .filter(cells -> cells.length == 2)
                .forEach(cells -> {
                    var uuid = cells[0].strip();
                    var mebibytes = cells[1].strip();
                    if (meant.test(uuid) && mebibytes.matches("\\d{1,15}") && Long.parseLong(mebibytes) > MOST_USED) {
                        reasons.put(uuid, "after its use " + mebibytes + " MiB of its memory are still taken");
                    }
                });
    }

    /** A process's name may hold a comma; nothing else can. */
    private static void running(String lines, Predicate<String> meant, Map<String, String> reasons) {
        lines.lines()
                .map(line -> line.split(",", -1))
                .filter(cells -> cells.length >= 4)
                .forEach(cells -> {
                    var uuid = cells[0].strip();
                    if (meant.test(uuid) && cells[1].strip().matches("\\d{1,10}")) {
                        reasons.put(
                                uuid,
                                "after its use process " + cells[1].strip() + " (" + name(cells[2])
                                        + ") still runs on it");
                    }
                });
    }

    private static String name(String text) {
        var clean = text.replaceAll("\\p{Cntrl}", " ").strip();
        return clean.length() <= 100 ? clean : clean.substring(0, 100);
    }
}
