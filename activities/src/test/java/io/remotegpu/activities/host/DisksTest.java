package io.remotegpu.activities.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisksTest {

    @TempDir
    Path folder;

    @Test
    void aDiskIsToldInWordsAndAsANumber() throws Exception {
        var facts = Disks.at(folder).facts();

        var store = Files.getFileStore(folder);
        long used = store.getTotalSpace() - store.getUnallocatedSpace();
        long share = used * 100 / (used + store.getUsableSpace());
        // Others write to it, too.
        assertThat(Long.parseLong(facts.get("disk.used_percent")))
                .isBetween(Math.max(0, share - 5), Math.min(100, share + 6));
        assertThat(facts.get("disk"))
                .startsWith(facts.get("disk.used_percent") + " % of ")
                .endsWith("used at " + folder);
    }

    @Test
    void whatIsNotThereIsNotToldOf() {
        assertThat(Disks.at(folder.resolve("absent")).facts()).isEmpty();
    }
}
