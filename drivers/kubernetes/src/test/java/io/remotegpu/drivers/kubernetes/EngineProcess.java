package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process of the cluster of {@code deploy/engines/k8s}, which a test may halt or kill. */
record EngineProcess(Path run, String name) {

    private static final Path ENGINE = Path.of("../../deploy/engines/k8s/engine.sh");

    /** Skips the test where the cluster is another one. */
    static EngineProcess of(String name) {
        Path run = Path.of(System.getenv("REMOTEGPU_TEST_KUBECONFIG"))
                .toAbsolutePath()
                .getParent();
        assumeTrue(Files.exists(run.resolve("pids").resolve(name)), "not the cluster of deploy/engines/k8s");
        return new EngineProcess(run, name);
    }

    void halt() {
        signal("STOP");
    }

    void goOn() {
        signal("CONT");
    }

    void kill() {
        signal("KILL");
    }

    /** Starts it again, as it was started, and waits until the API server answers. */
    void revive() {
        var engine = new ProcessBuilder(ENGINE.toString(), "revive");
        // <cache>/engines/k8s/run
        engine.environment()
                .put("REMOTEGPU_CACHE", run.getParent().getParent().getParent().toString());
        assertThat(exit(engine.inheritIO())).as("engine.sh revive").isZero();
    }

    private void signal(String signal) {
        try {
            String pid =
                    Files.readString(run.resolve("pids").resolve(name)).strip().split(" ", -1)[0];
            assertThat(exit(new ProcessBuilder("kill", "-" + signal, pid))).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int exit(ProcessBuilder command) {
        try {
            return command.start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
