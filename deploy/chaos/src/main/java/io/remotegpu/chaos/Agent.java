package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** {@code agent}: one host. Whether it is ready it says to people only. */
final class Agent extends Program {

    private static final String READY = "The agent serves host";

    Agent(Path home, List<String> command, Map<String, String> settings) {
        super(home, command, settings, true);
    }

    @Override
    void forget() throws IOException {
        // What it said before is kept beside.
        if (Files.exists(console())) {
            Files.write(
                    console().resolveSibling(name() + ".earlier.log"),
                    Files.readAllBytes(console()),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            Files.delete(console());
        }
    }

    @Override
    boolean isReady() {
        try {
            return Files.readString(console()).contains(READY);
        } catch (IOException e) {
            return false;
        }
    }
}
