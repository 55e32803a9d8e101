package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.GpuDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a tree of files such as the kernel shows it; no card is needed, and none is proved. */
class GpuPassthroughTest {

    private static final PciAddress GPU = PciAddress.parse("0000:3b:00.0");
    private static final PciAddress SOUND = PciAddress.parse("0000:3b:00.1");
    private static final GpuDevice DEVICE = new GpuDevice(0, "GPU-aa", "NVIDIA H100", 80L << 30);

    @TempDir
    Path sysfs;

    private GpuPassthrough passthrough;

    /** A card with sound behind a bridge, all in one group; another card bound to NVIDIA's driver in a group of its own. */
    @BeforeEach
    void aHost() throws IOException {
        device("0000:3a:00.0", "0x060400", "pcieport", 7, true);
        device("0000:3b:00.0", "0x030200", "vfio-pci", 7, true);
        device("0000:3b:00.1", "0x040300", "vfio-pci", 7, false);
        device("0000:d8:00.0", "0x030200", "nvidia", 8, true);
        passthrough =
                new GpuPassthrough(Map.of("GPU-aa", "00000000:3B:00.0", "1", "0000:d8:00.0"), new PciDevices(sysfs));
    }

    @Test
    void aCardGoesWithAllItsFunctions() {
        assertThat(passthrough.functions(List.of(DEVICE))).containsExactly(GPU, SOUND);
        passthrough.check(List.of(GPU, SOUND));
    }

    @Test
    void aGpuWithoutUuidIsFoundByItsIndex() {
        assertThat(passthrough.functions(List.of(new GpuDevice(1, null, "NVIDIA H100", 80L << 30))))
                .containsExactly(PciAddress.parse("0000:d8:00.0"));
    }

    @Test
    void aGpuThatTheSettingsDoNotPlaceIsRefused() {
        assertRefused(
                ErrorKind.NO_CAPACITY,
                "PCI address is not in the settings",
                () -> passthrough.functions(List.of(new GpuDevice(5, "GPU-zz", "NVIDIA H100", 80L << 30))));
    }

    @Test
    void aPartOfACardIsNotSupported() {
        assertRefused(
                ErrorKind.UNSUPPORTED,
                "whole cards only",
                () -> passthrough.functions(List.of(new GpuDevice(0, "MIG-aa", "NVIDIA H100", 10L << 30))));
    }

    @Test
    void anAddressWithoutDeviceIsRefused() {
        var wrong = new GpuPassthrough(Map.of("GPU-aa", "0000:99:00.0"), new PciDevices(sysfs));
        assertRefused(ErrorKind.NO_CAPACITY, "no device at 0000:99:00.0", () -> wrong.functions(List.of(DEVICE)));
    }

    @Test
    void aCardThatSharesItsGroupWithAStrangerIsRefused() throws IOException {
        device("0000:3c:00.0", "0x010802", "nvme", 7, true);
        assertRefused(
                ErrorKind.NO_CAPACITY,
                "shares IOMMU group 7 with [0000:3c:00.0]",
                () -> passthrough.check(List.of(GPU, SOUND)));
    }

    @Test
    void aCardThatAnotherDriverHasIsRefused() {
        PciAddress other = PciAddress.parse("0000:d8:00.0");
        assertRefused(ErrorKind.NO_CAPACITY, "bound to driver nvidia", () -> passthrough.check(List.of(other)));
    }

    @Test
    void withoutIommuNoCardIsGiven() throws IOException {
        Files.delete(sysfs.resolve("bus/pci/devices/0000:3b:00.0/iommu_group"));
        assertRefused(ErrorKind.UNSUPPORTED, "switch the IOMMU on", () -> passthrough.check(List.of(GPU, SOUND)));
    }

    @Test
    void cardsAreResetBetweenTenants() throws IOException {
        passthrough.reset(List.of(GPU, SOUND));
        assertThat(Files.readString(sysfs.resolve("bus/pci/devices/0000:3b:00.0/reset")))
                .isEqualTo("1");
    }

    @Test
    void aCardThatCannotBeResetIsRefused() throws IOException {
        Files.delete(sysfs.resolve("bus/pci/devices/0000:3b:00.0/reset"));
        assertRefused(ErrorKind.NO_CAPACITY, "cannot be reset", () -> passthrough.reset(List.of(GPU, SOUND)));
    }

    @Test
    void theHostTellsWhetherItHasAnIommu(@TempDir Path empty) {
        assertThat(new PciDevices(sysfs).hasIommu()).isTrue();
        assertThat(new PciDevices(empty).hasIommu()).isFalse();
    }

    private static void assertRefused(ErrorKind kind, String words, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(words);
    }

    private void device(String address, String type, String driver, int group, boolean reset) throws IOException {
        Path device = Files.createDirectories(sysfs.resolve("bus/pci/devices").resolve(address));
        Path drivers = Files.createDirectories(sysfs.resolve("bus/pci/drivers").resolve(driver));
        Path members = Files.createDirectories(sysfs.resolve("kernel/iommu_groups/" + group + "/devices"));
        Files.writeString(device.resolve("class"), type + "\n");
        Files.createSymbolicLink(device.resolve("driver"), drivers);
        Files.createSymbolicLink(device.resolve("iommu_group"), members.getParent());
        Files.createSymbolicLink(members.resolve(address), device);
        if (reset) {
            Files.writeString(device.resolve("reset"), "");
        }
    }
}
