package io.remotegpu.activities.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** This machine's GPUs, as {@code nvidia-smi} tells them. */
final class GpuProbe {

    private static final String[] QUERY = {
        "nvidia-smi", "--query-gpu=index,uuid,name,memory.total", "--format=csv,noheader,nounits"
    };

    /**
     * What was found, and what is to be said about it.
     *
     * @param trouble empty when all is well, and when there is no {@code nvidia-smi} at all
     */
    record Found(List<HostReport.Gpu> gpus, String trouble) {

        static final Found NOTHING = new Found(List.of(), "");
    }

    /** Never throws: a machine whose GPUs cannot be read still has its CPUs to offer. */
    static Found probe() throws InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(QUERY).redirectErrorStream(true).start();
        } catch (IOException e) {
            return Found.NOTHING;
        }
        try {
            process.getOutputStream().close();
            // A driver that hangs must not hang us: reading ends when the process is killed.
            var killer = Thread.ofVirtual().start(() -> killAfterPatience(process));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            killer.interrupt();
            return status == 0
                    ? parse(output)
                    : new Found(List.of(), "nvidia-smi ended with status " + status + ": " + first(output));
        } catch (IOException e) {
            process.destroyForcibly();
            return new Found(List.of(), "nvidia-smi's answer cannot be read: " + e.getMessage());
        }
    }

    /** One GPU a line: {@code 0, GPU-4f…, NVIDIA H100 80GB HBM3, 81559}; memory in MiB. */
    static Found parse(String output) {
        var gpus = new ArrayList<HostReport.Gpu>();
        var trouble = new ArrayList<String>();
        for (String line : output.lines().filter(text -> !text.isBlank()).toList()) {
            String[] fields = line.split(",", -1);
            try {
                if (fields.length < 4) {
                    throw new NumberFormatException();
                }
                // A name may hold a comma; the numbers at both ends cannot.
                String name = String.join(",", List.of(fields).subList(2, fields.length - 1))
                        .strip();
                long mebibytes = Long.parseLong(fields[fields.length - 1].strip());
                gpus.add(new HostReport.Gpu(
                        Integer.parseInt(fields[0].strip()), fields[1].strip(), name, mebibytes << 20));
            } catch (NumberFormatException e) {
                trouble.add(line.strip());
            }
        }
        return new Found(
                List.copyOf(gpus),
                trouble.isEmpty() ? "" : "nvidia-smi says of a GPU that we leave out: " + String.join("; ", trouble));
    }

    private static void killAfterPatience(Process process) {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // It has answered.
        }
    }

    private static String first(String output) {
        return output.lines().filter(line -> !line.isBlank()).findFirst().orElse("it said nothing");
    }

    private GpuProbe() {}
}
