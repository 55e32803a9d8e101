package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds on machines with and without libvirt's client library. */
class LibvirtUnreachableTest {

    @TempDir
    Path folder;

    @Test
    void whereNoLibvirtListensEachCallSaysSo() {
        String uri = "qemu:///system?socket=" + folder.resolve("no-such-socket");
        var settings = LibvirtDriverSettings.defaults(uri, "test").withFolders(folder, folder);
        UUID id = UUID.randomUUID();
        try (var driver = new LibvirtDriver(settings)) {
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> driver.stop(id, Duration.ofSeconds(1)),
                    () -> driver.remove(id),
                    () -> driver.observe(id),
                    driver::list,
                    () -> driver.logs(id, 10))) {
                assertThatThrownBy(call)
                        .isInstanceOfSatisfying(
                                DriverException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENGINE_UNAVAILABLE))
                        .hasMessageContaining("cannot be reached");
            }
            assertThat(driver.engine().describe().reachable()).isFalse();
            assertThat(driver.engine().describe().reason()).contains("is libvirtd running");
        }
    }
}
