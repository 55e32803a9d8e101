package io.remotegpu.drivers.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnreliableDriverTest {

    private static final List<UUID> IDS = List.of(new UUID(1, 1), new UUID(1, 2), new UUID(1, 3));

    @TempDir
    Path folder;

    @Test
    void withoutAScriptAllGoesWell() {
        assertThat(faults()).isEmpty();
    }

    @Test
    void theSameSeedHasTheSameFaultsAndAnotherOneOthers() throws IOException {
        Files.writeString(folder.resolve("faults"), "7 0.5");
        var first = faults();
        assertThat(first).hasSizeGreaterThan(10);
        assertThat(faults()).isEqualTo(first);

        Files.writeString(folder.resolve("faults"), "8 0.5");
        assertThat(faults()).isNotEqualTo(first);
    }

    @Test
    void everyFaultIsNotedAndComesOnceTheRateIsOne() throws IOException {
        Files.writeString(folder.resolve("faults"), "1 1");
        var all = faults();

        assertThat(Files.readAllLines(folder.resolve("faults.log"))).hasSameSizeAs(all);
        assertThat(all.toString()).contains("PORT_TAKEN", "TIMEOUT", "TWICE", "LOST_ANSWER", "WRONG_ANSWER");
    }

    private List<String> faults() {
        var script = new FaultScript(folder, "sim-1");
        var played = new ArrayList<String>();
        for (var id : IDS) {
            for (var call : DriverCall.values()) {
                for (int number = 0; number < 10; number++) {
                    var fault = script.next(call, id);
                    if (fault != null) {
                        played.add(call + " " + id + " " + number + " " + Objects.toString(fault));
                    }
                }
            }
        }
        return played;
    }
}
