package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.libvirt.Error.ErrorNumber;

class LibvirtErrorsTest {

    @Test
    void aTakenPortIsNamed() {
        DriverException taken = explain(
                "VIR_ERR_INTERNAL_ERROR",
                "internal error: process exited while connecting to monitor: 2026-01-01T00:00:00.000000Z qemu-system-x86_64:"
                        + " -netdev user,id=remotegpu,hostfwd=tcp:127.0.0.1:22001-:2222,hostfwd=tcp:127.0.0.1:22002-:8888:"
                        + " Could not set up host forwarding rule 'tcp:127.0.0.1:22002-:8888'");
        assertThat(taken.kind()).isEqualTo(ErrorKind.PORT_TAKEN);
        assertThat(taken.port()).isEqualTo(22002);
    }

    @Test
    void anAddressThatTheHostDoesNotHaveIsNoTakenPort() {
        assertThat(explain(
                                "VIR_ERR_INTERNAL_ERROR",
                                "Could not set up host forwarding rule 'tcp:192.0.2.1:22001-:2222'")
                        .kind())
                .isEqualTo(ErrorKind.UNSUPPORTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NO_CAPACITY       | VIR_ERR_SYSTEM_ERROR       | cannot write data to file: No space left on device",
                "NO_CAPACITY       | VIR_ERR_INTERNAL_ERROR     | qemu: cannot set up guest memory 'pc.ram': Cannot allocate memory",
                "NO_CAPACITY       | VIR_ERR_INTERNAL_ERROR     | vfio 0000:3b:00.0: error getting device from group 7: Invalid argument",
                "CONFLICT          | VIR_ERR_OPERATION_INVALID  | Requested operation is not valid: PCI device 0000:3b:00.0 is in use by driver QEMU, domain x",
                "CONFLICT          | VIR_ERR_OPERATION_FAILED   | operation failed: domain 'remotegpu-x' already exists with uuid 1",
                "UNSUPPORTED       | VIR_ERR_INTERNAL_ERROR     | Could not access KVM kernel module: Permission denied",
                "UNSUPPORTED       | VIR_ERR_CONFIG_UNSUPPORTED | unsupported configuration: this QEMU does not support it",
                "IMAGE_NOT_FOUND   | VIR_ERR_SYSTEM_ERROR       | Cannot access storage file '/images/disk.qcow2': No such file or directory",
                "PERMISSION_DENIED | VIR_ERR_SYSTEM_ERROR       | Could not open '/root/disk.qcow2': Permission denied",
                "PERMISSION_DENIED | VIR_ERR_OPERATION_DENIED   | operation virDomainCreate forbidden for read only access",
                "OUTCOME_UNKNOWN   | VIR_ERR_INTERNAL_ERROR     | internal error: client socket is closed",
                "OUTCOME_UNKNOWN   | VIR_ERR_RPC                | Cannot recv data: Connection reset by peer",
                "OUTCOME_UNKNOWN   | VIR_ERR_OPERATION_TIMEOUT  | Timed out during operation: cannot acquire state change lock",
                "INVALID_SPEC      | VIR_ERR_XML_ERROR          | XML error: Invalid value",
            })
    void eachFailureHasItsKind(ErrorKind kind, String code, String message) {
        DriverException explained = explain(code, message);
        assertThat(explained.kind()).isEqualTo(kind);
        assertThat(explained).hasMessageStartingWith("starting x: ").hasMessageContaining(message);
    }

    @Test
    void withoutConnectionNothingWasDone() {
        DriverException refused =
                LibvirtErrors.explainConnect("qemu:///system", new IllegalStateException("Failed to connect socket"));
        assertThat(refused.kind()).isEqualTo(ErrorKind.ENGINE_UNAVAILABLE);
        assertThat(refused).hasMessageContaining("qemu:///system").hasMessageContaining("is libvirtd running");
        assertThat(LibvirtErrors.explainConnect("u", new IllegalStateException("Permission denied"))
                        .kind())
                .isEqualTo(ErrorKind.PERMISSION_DENIED);
    }

    private static DriverException explain(String code, String message) {
        return LibvirtErrors.explain("starting x", ErrorNumber.valueOf(code), message, null);
    }
}
