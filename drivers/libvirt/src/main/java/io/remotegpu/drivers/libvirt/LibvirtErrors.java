package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;

/**
 * What a failure of libvirt means. Its numbers tell what libvirt could not do; what QEMU could not do comes as text only, so
 * a table of messages goes first, as recorded from libvirt 9.0 with QEMU 7.2.
 */
final class LibvirtErrors {

    private record Rule(Pattern message, ErrorKind kind, String remedy) {}

    private static final List<Rule> RULES = List.of(
            rule(
                    "no space left on device|disk quota exceeded",
                    ErrorKind.NO_CAPACITY,
                    "the host's disk is full: free some of it"),
            rule(
                    "cannot set up guest memory|cannot allocate memory|unable to allocate memory",
                    ErrorKind.NO_CAPACITY,
                    "the host is out of memory"),
            rule(
                    "maximum vcpus|number of cpus|max cpus|smp cpus",
                    ErrorKind.NO_CAPACITY,
                    "the host cannot run a machine of so many cores"),
            rule(
                    "is in use by driver|requested operation is not valid: pci device",
                    ErrorKind.CONFLICT,
                    "another machine has that GPU: see 'virsh list'"),
            rule(
                    "vfio|iommu group .* is not viable|unbind .* from driver",
                    ErrorKind.NO_CAPACITY,
                    "the host cannot hand over that GPU: see its kernel log"),
            rule(
                    "kvm kernel module|/dev/kvm|failed to initialize kvm|kvm is not available|invalid accelerator kvm"
                            + "|could not find capabilities for .*domaintype=kvm|domain type kvm is not available",
                    ErrorKind.UNSUPPORTED,
                    "the host has no hardware virtualization after all: switch it on in its firmware, or set the agent to"
                            + " emulation"),
            rule(
                    "could not open '[^']*': no such file|cannot access storage file|cannot access backing file|no such file or directory",
                    ErrorKind.IMAGE_NOT_FOUND,
                    "put the base image back where it was, or remove the environment"),
            rule(
                    "permission denied|operation not permitted",
                    ErrorKind.PERMISSION_DENIED,
                    "QEMU's user must be able to pass through the folders of images and machines, and this process must be"
                            + " in the group 'libvirt'"),
            rule(
                    "already exists with uuid|is already defined with uuid",
                    ErrorKind.CONFLICT,
                    "a machine of that name is not ours: rename or undefine it"));

    private static final Pattern TAKEN =
            Pattern.compile("could not set up host forwarding rule 'tcp:([0-9.]*):(\\d{1,5})-");

    private static final Pattern LOST = Pattern.compile(
            "client socket is closed|end of file while reading data|connection reset|broken pipe|cannot recv data"
                    + "|cannot write data|keepalive|disconnected from|connection to hypervisor|invalid connection pointer");

    /**
     * What it means that libvirt failed while doing that.
     *
     * @param doing names the thing, as the start of a sentence, for example {@code "starting remotegpu-…"}
     */
    static DriverException explain(String doing, LibvirtException failure) {
        return explain(doing, failure.getError().getCode(), String.valueOf(failure.getMessage()), failure);
    }

    static DriverException explain(String doing, ErrorNumber code, String message, @Nullable Throwable failure) {
        String lower = message.toLowerCase(Locale.ROOT);
        Matcher taken = TAKEN.matcher(lower);
        if (taken.find()) {
            int port = Integer.parseInt(taken.group(2));
            if (!HostAddresses.has(taken.group(1))) {
                return new DriverException(
                        ErrorKind.UNSUPPORTED,
                        doing + ": this host does not have the address " + taken.group(1)
                                + ": correct the host's address",
                        failure);
            }
            return DriverException.portTaken(
                    port, doing + ": host port " + port + " is in use by something else", failure);
        }
        for (Rule rule : RULES) {
            if (rule.message.matcher(lower).find()) {
                return new DriverException(rule.kind, doing + ": " + message + "; " + rule.remedy, failure);
            }
        }
        if (LOST.matcher(lower).find() || code == ErrorNumber.VIR_ERR_INVALID_CONN) {
            return new DriverException(
                    ErrorKind.OUTCOME_UNKNOWN,
                    doing + ": the connection to libvirt broke off (" + message + "); the next call makes a new one",
                    failure);
        }
        return new DriverException(byCode(code), doing + ": " + message, failure);
    }

    /** What it means that there is no connection: nothing was done yet. */
    static DriverException explainConnect(String uri, Throwable failure) {
        String message =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        boolean refused = message.toLowerCase(Locale.ROOT).contains("permission denied")
                || message.toLowerCase(Locale.ROOT).contains("authentication");
        return refused
                ? new DriverException(
                        ErrorKind.PERMISSION_DENIED,
                        "libvirt at " + uri + " refuses this process (" + message
                                + "): add its user to the group 'libvirt'",
                        failure)
                : new DriverException(
                        ErrorKind.ENGINE_UNAVAILABLE,
                        "libvirt at " + uri + " cannot be reached (" + message
                                + "); is libvirtd running, and is the package libvirt0 installed?",
                        failure);
    }

    static boolean noDomain(LibvirtException failure) {
        ErrorNumber code = failure.getError().getCode();
        return code == ErrorNumber.VIR_ERR_NO_DOMAIN || code == ErrorNumber.VIR_ERR_INVALID_DOMAIN;
    }

    /** For example to end a machine that has just ended by itself. */
    static boolean notInThatState(LibvirtException failure) {
        return failure.getError().getCode() == ErrorNumber.VIR_ERR_OPERATION_INVALID;
    }

    private static ErrorKind byCode(ErrorNumber code) {
        return switch (code) {
            case VIR_ERR_NO_MEMORY -> ErrorKind.NO_CAPACITY;
            case VIR_ERR_NO_SUPPORT,
                    VIR_ERR_CONFIG_UNSUPPORTED,
                    VIR_ERR_ARGUMENT_UNSUPPORTED,
                    VIR_ERR_OPERATION_UNSUPPORTED,
                    VIR_ERR_CPU_INCOMPATIBLE -> ErrorKind.UNSUPPORTED;
            case VIR_ERR_XML_ERROR, VIR_ERR_XML_DETAIL, VIR_ERR_XML_INVALID_SCHEMA -> ErrorKind.INVALID_SPEC;
            case VIR_ERR_OPERATION_DENIED, VIR_ERR_ACCESS_DENIED, VIR_ERR_AUTH_FAILED -> ErrorKind.PERMISSION_DENIED;
            case VIR_ERR_DOM_EXIST -> ErrorKind.CONFLICT;
            case VIR_ERR_NO_CONNECT -> ErrorKind.ENGINE_UNAVAILABLE;
            // Another call on the same domain still runs, or nobody knows: the same call settles it.
            default -> ErrorKind.OUTCOME_UNKNOWN;
        };
    }

    private static Rule rule(String message, ErrorKind kind, String remedy) {
        return new Rule(Pattern.compile(message), kind, remedy);
    }

    private LibvirtErrors() {}
}
