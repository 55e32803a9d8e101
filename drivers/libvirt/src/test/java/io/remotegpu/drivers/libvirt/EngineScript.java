package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code deploy/engines/libvirt/engine.sh}, which runs the libvirt of these tests, and may kill it. */
record EngineScript(String program) {

    static EngineScript find() {
        String program = System.getenv().getOrDefault("REMOTEGPU_TEST_LIBVIRT_ENGINE", "");
        if (program.isBlank()) {
            TestLibvirt.absent("REMOTEGPU_TEST_LIBVIRT_ENGINE does not name the script that runs this libvirt");
        }
        return new EngineScript(program);
    }

    /** As {@code kill -9} of the daemon; machines go on. */
    void crash() {
        run("crash");
    }

    /** Has it running; it is success when it does. */
    void start() {
        run("start");
    }

    private void run(String action) {
        Path said = null;
        try {
            // Not a pipe: the daemon that it starts would keep it open.
            said = Files.createTempFile("engine", ".log");
            int status = new ProcessBuilder(program, action)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start()
                    .waitFor();
            assertThat(status).as(Files.readString(said)).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            delete(said);
        }
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
