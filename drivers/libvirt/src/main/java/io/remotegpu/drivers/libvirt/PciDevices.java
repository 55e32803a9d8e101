package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The host's PCI devices, as the kernel shows them (https://docs.kernel.org/PCI/sysfs-pci.html). */
final class PciDevices {

    private static final String BRIDGE = "0x06";

    private final Path devices;
    private final Path groups;

    /** @param sysfs usually {@code /sys} */
    PciDevices(Path sysfs) {
        this.devices = sysfs.resolve("bus/pci/devices");
        this.groups = sysfs.resolve("kernel/iommu_groups");
    }

    /** Whether the IOMMU keeps devices apart on this host. */
    boolean hasIommu() {
        return !namesIn(groups).isEmpty();
    }

    /** All functions of the card of that one, it included when it is there; ordered. */
    List<PciAddress> functionsOf(PciAddress one) {
        return all(devices).stream().filter(one::sameCard).toList();
    }

    @Nullable
    Integer iommuGroup(PciAddress device) {
        String name = nameOfLinked(device, "iommu_group");
        return name == null ? null : Integer.valueOf(name);
    }

    List<PciAddress> inGroup(int group) {
        return all(groups.resolve(Integer.toString(group)).resolve("devices"));
    }

    @Nullable
    String driver(PciAddress device) {
        return nameOfLinked(device, "driver");
    }

    /** Bridges carry the devices behind them and are never given away. */
    boolean isBridge(PciAddress device) {
        try {
            return Files.readString(file(device, "class")).startsWith(BRIDGE);
        } catch (IOException e) {
            return false;
        }
    }

    /** False when the device has no way to be reset. */
    boolean reset(PciAddress device) {
        Path reset = file(device, "reset");
        if (!Files.exists(reset)) {
            return false;
        }
        try {
            Files.writeString(reset, "1");
            return true;
        } catch (IOException e) {
            throw new DriverException(
                    Files.isWritable(reset) ? ErrorKind.NO_CAPACITY : ErrorKind.PERMISSION_DENIED,
                    "PCI device " + device + " could not be reset (" + e.getMessage()
                            + "): does this process run as root, and is the device in use?",
                    e);
        }
    }

    private Path file(PciAddress device, String name) {
        return devices.resolve(device.toString()).resolve(name);
    }

    private @Nullable String nameOfLinked(PciAddress device, String link) {
        try {
            return String.valueOf(Files.readSymbolicLink(file(device, link)).getFileName());
        } catch (IOException e) {
            return null; // there is none
        }
    }

    private static List<PciAddress> all(Path folder) {
        return namesIn(folder).stream().map(PciAddress::parse).sorted().toList();
    }

    private static List<String> namesIn(Path folder) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw FileErrors.explain("listing " + folder, e);
        }
        return names;
    }
}
