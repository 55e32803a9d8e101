package io.remotegpu.standalone.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {

    @TempDir
    Path folder;

    @Test
    void aPortIsKeptFromRunToRun() throws Exception {
        Path file = folder.resolve("port");
        int port = Ports.keep(file, 0);

        assertThat(Ports.keep(file, 0)).isEqualTo(port);
    }

    @Test
    void aTakenPortIsLeftToItsHolder() throws Exception {
        Path file = folder.resolve("port");
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int taken = other.getLocalPort();
            Files.writeString(file, taken + "\n");

            int port = Ports.keep(file, taken);

            assertThat(port).isNotEqualTo(taken).isPositive();
            assertThat(Files.readString(file).strip()).isEqualTo(Integer.toString(port));
        }
    }

    @Test
    void aFileThatWasCutOffIsNoPort() throws Exception {
        Path file = folder.resolve("port");
        Files.writeString(file, "x");

        assertThat(Ports.keep(file, 0)).isPositive();
    }
}
