package io.remotegpu.drivers.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What machines can run on here. That {@code /dev/kvm} exists, and that libvirt lists KVM because of it, proves nothing:
 * within a machine without nested virtualization both are so, a KVM guest is said to run, and never executes anything. So
 * the processor itself must have the ability, too.
 */
final class HostVirtualization {

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final Pattern HARDWARE = Pattern.compile("(?m)^flags\\s*:.*\\b(vmx|svm)\\b");
    private static final Pattern KVM_DOMAIN = Pattern.compile("<domain type=['\"]kvm['\"]");

    private final LibvirtDriverSettings settings;

    /** @param reason why this one, as a sentence's end */
    record Decision(Acceleration acceleration, String reason) {}

    HostVirtualization(LibvirtDriverSettings settings) {
        this.settings = settings;
    }

    /** @param capabilities libvirt's own description of the host, as XML */
    Decision decide(String capabilities) {
        if (settings.acceleration() != Acceleration.AUTO) {
            return new Decision(settings.acceleration(), "set so");
        }
        try {
            return decide(Files.readString(PROCESSORS), capabilities);
        } catch (IOException e) {
            return new Decision(Acceleration.EMULATION, PROCESSORS + " cannot be read: " + e.getMessage());
        }
    }

    static Decision decide(String processors, String capabilities) {
        if (!HARDWARE.matcher(processors).find()) {
            return new Decision(Acceleration.EMULATION, "the processor shows no hardware virtualization (vmx or svm)");
        }
        if (!KVM_DOMAIN.matcher(capabilities).find()) {
            return new Decision(
                    Acceleration.EMULATION,
                    "libvirt offers no KVM machines: load the kernel module kvm_intel or kvm_amd");
        }
        return new Decision(Acceleration.KVM, "the processor has hardware virtualization, and libvirt offers KVM");
    }
}
