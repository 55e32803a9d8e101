package io.remotegpu.standalone.child;

import static io.remotegpu.standalone.child.Waiting.gone;
import static io.remotegpu.standalone.child.Waiting.pidIn;
import static io.remotegpu.standalone.child.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifelineTest {

    @TempDir
    Path folder;

    @Test
    void aChildEndsWhenItIsAskedTo() throws Exception {
        Lifeline child = Lifeline.start(command("exec sleep 300", 5), folder.resolve("log"));
        long pid = pidIn(folder.resolve("pid"));

        child.end();

        assertThat(gone(pid)).isTrue();
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void aChildThatDoesNotListenIsKilledAfterItsGrace() throws Exception {
        Lifeline child = Lifeline.start(command("trap '' TERM; while :; do sleep 0.1; done", 1), folder.resolve("log"));
        long pid = pidIn(folder.resolve("pid"));

        child.end();

        assertThat(gone(pid)).isTrue();
    }

    @Test
    void aChildDoesNotOutliveAParentThatIsKilled() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldsChild.class.getName(),
                        folder.resolve("log").toString(),
                        "sh",
                        "-c",
                        script("exec sleep 300"))
                .inheritIO()
                .start();
        long pid = pidIn(folder.resolve("pid"));
        assertThat(gone(pid)).isFalse();

        parent.destroyForcibly().waitFor();

        until("the child is gone", () -> gone(pid));
    }

    @Test
    void aChildDoesNotOutliveItsShell() throws Exception {
        Lifeline child = Lifeline.start(command("exec sleep 300", 5), folder.resolve("log"));
        long pid = pidIn(folder.resolve("pid"));
        ProcessHandle shell =
                ProcessHandle.of(pid).flatMap(ProcessHandle::parent).orElseThrow();

        shell.destroyForcibly();

        until("the child is gone", () -> gone(pid));
        child.end();
    }

    @Test
    void itsStatusAndItsWordsAreKept() throws Exception {
        Lifeline child = Lifeline.start(command("echo hello; exit 7", 5), folder.resolve("log"));

        assertThat(child.await()).isEqualTo(7);
        assertThat(folder.resolve("log")).hasContent("hello");
    }

    private Lifeline.Command command(String script, int grace) {
        return Lifeline.Command.of(List.of("sh", "-c", script(script)), "TERM", Duration.ofSeconds(grace));
    }

    private String script(String rest) {
        Path pid = folder.resolve("pid");
        return "echo $$ > " + pid + ".half; mv " + pid + ".half " + pid + "; " + rest;
    }
}
