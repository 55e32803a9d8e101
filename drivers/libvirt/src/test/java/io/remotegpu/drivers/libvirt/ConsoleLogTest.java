package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.EnvironmentLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleLogTest {

    @TempDir
    Path folder;

    @Test
    void theLastLinesComeWithoutColours() throws IOException {
        Path log = log("one\n[\u001b[0;32m  OK  \u001b[0m] Started two\r\nthree\n");
        assertThat(ConsoleLog.tail(log, 2)).containsExactly("[  OK  ] Started two", "three");
    }

    @Test
    void aLogIsBoundedHoweverMuchWasWritten() throws IOException {
        Path log = log("x".repeat(3_000_000) + "\nthe end\n");
        List<String> lines = ConsoleLog.tail(log, 1000);
        assertThat(String.join("\n", lines)).hasSizeLessThanOrEqualTo(EnvironmentLogs.MOST_BYTES);
        assertThat(lines).last().isEqualTo("the end");
    }

    @Test
    void noLogHasNoLines() throws IOException {
        assertThat(ConsoleLog.tail(folder.resolve("absent"), 10)).isEmpty();
        assertThat(ConsoleLog.tail(log("one\n"), 0)).isEmpty();
    }

    private Path log(String content) throws IOException {
        return Files.writeString(folder.resolve("console.log"), content);
    }
}
