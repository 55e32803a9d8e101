package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * The in-memory driver's, which keep what they carry in a folder each.
 *
 * @param folder of all of them
 */
record SimulatedEngine(Path folder) implements Engine {

    /** Hosts and GPUs of a server with its own. */
    static final String HOSTS = "4x8";

    private static final String GPUS = "16";

    @Override
    public Mode mode() {
        return Mode.SIMULATED;
    }

    /** Its calls fail by themselves. */
    @Override
    public Set<Breakage.Circumstance> circumstances() {
        return Set.of();
    }

    @Override
    public Map<String, String> hostSettings() {
        return Map.of("REMOTEGPU_SIMULATED_FOLDER", folder.toString());
    }

    @Override
    public List<String> agentWords() {
        return List.of("--simulate", GPUS);
    }

    @Override
    public Map<String, Boolean> environments() throws IOException {
        var found = new TreeMap<String, Boolean>();
        try (var hosts = Files.newDirectoryStream(folder, "sim-*")) {
            for (Path host : hosts) {
                try (var files = Files.newDirectoryStream(host, "*-*-*-*-????????????")) {
                    for (Path file : files) {
                        var text = new Properties();
                        try (var reader = Files.newBufferedReader(file)) {
                            text.load(reader);
                        }
                        boolean runs = Boolean.parseBoolean(text.getProperty("started"));
                        found.merge(file.getFileName().toString(), runs, Boolean::logicalOr);
                    }
                }
            }
        }
        return found;
    }

    @Override
    public boolean carryOut(Schedule.Entry entry) {
        throw new IllegalArgumentException(entry.breakage() + " is nothing that happens to a simulated engine");
    }
}
