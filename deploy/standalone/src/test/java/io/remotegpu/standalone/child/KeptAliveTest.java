package io.remotegpu.standalone.child;

import static io.remotegpu.standalone.child.Waiting.gone;
import static io.remotegpu.standalone.child.Waiting.pidIn;
import static io.remotegpu.standalone.child.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.standalone.Console;
import io.remotegpu.standalone.StartupException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptAliveTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void aServerThatDiesIsStartedAgainWithAWord() throws Exception {
        try (var server = kept("exec sleep 300")) {
            server.start();
            long first = pidIn(pid());

            ProcessHandle.of(first).orElseThrow().destroyForcibly();

            until("it is back", () -> said.toString(StandardCharsets.UTF_8).contains("is back after"));
            assertThat(pidIn(pid())).isNotEqualTo(first);
            assertThat(said.toString(StandardCharsets.UTF_8)).contains("Sleeper", "ended with status 137");
        }
        assertThat(gone(pidIn(pid()))).isTrue();
    }

    @Test
    void aServerThatEndsInsteadOfStartingIsExplainedByItsLog() {
        try (var server = kept("rm " + pid() + "; echo the disk is full; exit 3")) {
            assertThatThrownBy(server::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("Sleeper ended with status 3")
                    .hasMessageContaining("the disk is full");
        }
    }

    @Test
    void closingAlsoEndsTheWaitForAnotherStart() throws Exception {
        var server = kept("exec sleep 300");
        server.start();
        long first = pidIn(pid());
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        until("its end is noticed", () -> said.toString(StandardCharsets.UTF_8).contains("starting it again"));

        server.close();

        until("nothing runs", () -> gone(pidIn(pid())));
        assertThatThrownBy(server::start).isInstanceOf(StartupException.class);
    }

    @Test
    void thePauseGrowsUpToItsLimit() {
        assertThat(KeptAlive.longer(KeptAlive.FIRST_PAUSE)).isEqualTo(Duration.ofMillis(500));
        assertThat(KeptAlive.longer(KeptAlive.LONGEST_PAUSE)).isEqualTo(KeptAlive.LONGEST_PAUSE);
    }

    private Path pid() {
        return folder.resolve("pid");
    }

    private KeptAlive kept(String script) {
        var console = new Console(new PrintStream(said, true, StandardCharsets.UTF_8));
        return new KeptAlive("Sleeper", new Sleeper(pid(), script), folder.resolve("log"), console);
    }

    /** Serves once it has written its pid. */
    private record Sleeper(Path pid, String script) implements KeptAlive.Server {

        @Override
        public void prepare() throws IOException {
            Files.deleteIfExists(pid);
        }

        @Override
        public Lifeline.Command command() {
            String line = "echo $$ > " + pid + ".half; mv " + pid + ".half " + pid + "; " + script;
            return Lifeline.Command.of(List.of("sh", "-c", line), "TERM", Duration.ofSeconds(2));
        }

        @Override
        public boolean answers() {
            return Files.exists(pid) && !script.contains("exit");
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(20);
        }
    }
}
