package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.GpuDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which devices of the host make up the GPUs of a deployment, and whether they can be given away safely.
 *
 * <p>A card goes as a whole, with its sound and USB functions. It must be bound to VFIO before: taking it from NVIDIA's
 * driver while something uses it hangs the host. Everything in its IOMMU group must go with it, because the devices of one
 * group can reach each other's memory past the IOMMU.
 */
final class GpuPassthrough {

    private static final String VFIO = "vfio-pci";

    private final Map<String, String> addresses;
    private final PciDevices devices;

    GpuPassthrough(Map<String, String> addresses, PciDevices devices) {
        this.addresses = addresses;
        this.devices = devices;
    }

    /** Every function of the cards of these GPUs, ordered. Looks at nothing yet but which functions there are. */
    List<PciAddress> functions(List<GpuDevice> gpus) {
        Set<PciAddress> found = new TreeSet<>();
        for (GpuDevice gpu : gpus) {
            PciAddress address = address(gpu);
            List<PciAddress> card = devices.functionsOf(address);
            if (!card.contains(address)) {
                throw unfit(gpu, "the host has no device at " + address + ": correct its PCI address in the settings");
            }
            found.addAll(card);
        }
        return List.copyOf(found);
    }

    /** Refuses to give away what is not fit for it. */
    void check(List<PciAddress> functions) {
        for (PciAddress function : functions) {
            Integer group = devices.iommuGroup(function);
            if (group == null) {
                throw new DriverException(
                        ErrorKind.UNSUPPORTED,
                        "PCI device " + function
                                + " is in no IOMMU group: switch the IOMMU on, in the host's firmware and by"
                                + " the kernel argument intel_iommu=on or amd_iommu=on");
            }
            List<PciAddress> others = new ArrayList<>(devices.inGroup(group));
            others.removeAll(functions);
            others.removeIf(devices::isBridge);
            if (!others.isEmpty()) {
                throw unfit(
                        function,
                        "shares IOMMU group " + group + " with " + others
                                + ": put the card into a slot of its own, or switch on its isolation (ACS) in the host's firmware");
            }
            String driver = devices.driver(function);
            if (!VFIO.equals(driver)) {
                throw unfit(
                        function,
                        "is bound to " + (driver == null ? "no driver" : "driver " + driver)
                                + ": bind it to VFIO for good, for example by 'driverctl set-override " + function + " "
                                + VFIO + "'");
            }
        }
    }

    /** Wipes what the last tenant left in the cards. Only while no machine has them. */
    void reset(List<PciAddress> functions) {
        for (PciAddress function : functions) {
            // A card's sound function often has no reset of its own: it goes with function 0.
            if (!devices.reset(function) && function.function().equals("0")) {
                throw unfit(
                        function,
                        "cannot be reset, so the next tenant could read what the last one left in it: exclude this GPU");
            }
        }
    }

    private PciAddress address(GpuDevice gpu) {
        String uuid = gpu.uuid();
        if (uuid != null && uuid.startsWith("MIG-")) {
            throw new DriverException(
                    ErrorKind.UNSUPPORTED,
                    "GPU " + uuid + " is a part of a card, and a machine can be given whole cards only");
        }
        String address = configured(uuid, Integer.toString(gpu.index()));
        if (address == null) {
            throw unfit(gpu, "its PCI address is not in the settings of this host's agent");
        }
        return PciAddress.parse(address);
    }

    private @Nullable String configured(@Nullable String uuid, String index) {
        String byId = uuid == null ? null : addresses.get(uuid);
        return byId != null ? byId : addresses.get(index);
    }

    /** Another host, or another card, may do: the allocation is made anew. */
    private static DriverException unfit(GpuDevice gpu, String why) {
        return new DriverException(
                ErrorKind.NO_CAPACITY, "GPU " + (gpu.uuid() == null ? gpu.index() : gpu.uuid()) + ": " + why);
    }

    private static DriverException unfit(PciAddress device, String why) {
        return new DriverException(ErrorKind.NO_CAPACITY, "PCI device " + device + " " + why);
    }
}
