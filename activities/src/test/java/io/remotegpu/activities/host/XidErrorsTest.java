package io.remotegpu.activities.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as the driver writes them, of several versions. */
class XidErrorsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [12.1] NVRM: Xid (PCI:0000:3b:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus. | 0:3b:00
            [12.1] NVRM: Xid (PCI:0000:B3:00): 48, pid=2812, DBE (double bit error) ECC Error                    | 0:b3:00
            [12.1] NVRM: Xid (0000:03:00): 62, 0cb5(22d4) 00000000 00000000                                      | 0:03:00
            [12.1] NVRM: Xid (PCI:0001:00:00): 119, pid=7, name=python, Timeout waiting for RPC from GSP!        | 1:00:00
            [12.1] NVRM: Xid (PCI:0000:07:00 GPU-I:05): 95, pid=2812, Uncontained: LTC TAG (0x2,0x0)             | 0:07:00
            [12.1] NVRM: Xid (PCI:0000:07:00): 64                                                                | 0:07:00
            """)
    void aFaultOfTheCardIsOne(String line, String slot) {
        assertThat(XidErrors.bySlot(line)).containsOnlyKeys(slot);
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 31, 43, 45, 68, 109, 63, 92, 94})
    void whatAProgramDidOrTheCardRepairedIsNone(int number) {
        assertThat(XidErrors.bySlot("NVRM: Xid (PCI:0000:3b:00): " + number + ", pid=77, Ch 00000018"))
                .isEmpty();
    }

    @Test
    void theLatestFaultIsTold() {
        var faults = XidErrors.bySlot("""
                NVRM: Xid (PCI:0000:3b:00): 74, pid=1, NVLink: fatal error detected on link 6
                NVRM: Xid (PCI:0000:3b:00): 31, pid=2, Ch 00000018
                NVRM: Xid (PCI:0000:3b:00): 79, pid=3, GPU has fallen off the bus.
                """);

        assertThat(faults.get("0:3b:00")).contains("Xid 79", "GPU has fallen off the bus.");
    }

    @Test
    void whatWasBeforeTheDriverWasLoadedAgainIsForgotten() {
        assertThat(XidErrors.bySlot("""
                        NVRM: Xid (PCI:0000:3b:00): 79, pid=3, GPU has fallen off the bus.
                        NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024
                        NVRM: Xid (PCI:0000:5e:00): 74, pid=1, NVLink: fatal error detected on link 6
                        """)).containsOnlyKeys("0:5e:00");
    }

    @Test
    void aLongMessageIsCut() {
        var reason = XidErrors.bySlot("NVRM: Xid (PCI:0000:3b:00): 62, " + "0".repeat(5000));

        assertThat(reason.get("0:3b:00")).hasSizeLessThan(300).contains("…");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[N/A]", "3b:00.0", "NVRM: Xid (PCI:zz): 79", "NVRM: Xid (PCI:0000:3b:00): 999999999999"})
    void whatIsNoMessageIsNone(String line) {
        assertThat(XidErrors.bySlot(line)).isEmpty();
        assertThat(XidErrors.slot(line)).isEmpty();
    }

    @Test
    void theToolAndTheKernelMeanTheSameSlot() {
        assertThat(XidErrors.slot("00000000:3B:00.0")).isEqualTo(XidErrors.slot("0000:3b:00"));
    }
}
