package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.PortBinding;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A plan in libvirt's words (https://libvirt.org/formatdomain.html).
 *
 * <p>Machines have no graphics: their console is a serial port that is written to a file. Their network is QEMU's own
 * user-mode stack, handed to QEMU past libvirt, which has no words for its port forwarding: it needs no bridge, no
 * firewall rule and no lease on the host, so there is none to leave behind.
 */
final class DomainXml {

    static String of(MachinePlan plan) {
        UUID id = plan.metadata().id();
        boolean kvm = plan.acceleration() == Acceleration.KVM;
        return """
                <domain type='%s' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
                  <name>%s</name>
                  <uuid>%s</uuid>
                  <metadata>
                    %s
                  </metadata>
                  <memory unit='b'>%d</memory>
                  <vcpu placement='static'>%d</vcpu>
                  <os>
                    <type arch='x86_64' machine='q35'>hvm</type>
                %s  </os>
                  <features>
                    <acpi/>
                    <apic/>
                %s  </features>
                %s  <clock offset='utc'/>
                  <on_poweroff>destroy</on_poweroff>
                  <on_reboot>restart</on_reboot>
                  <on_crash>destroy</on_crash>
                  <devices>
                    <disk type='file' device='disk'>
                      <driver name='qemu' type='qcow2' discard='unmap'/>
                      <source file='%s'/>
                      <target dev='vda' bus='virtio'/>
                    </disk>
                    <disk type='file' device='disk'>
                      <driver name='qemu' type='raw'/>
                      <source file='%s'/>
                      <target dev='vdb' bus='virtio'/>
                      <readonly/>
                    </disk>
                    <serial type='file'>
                      <source path='%s' append='on'/>
                      <target port='0'/>
                    </serial>
                    <console type='file'>
                      <source path='%s' append='on'/>
                      <target type='serial' port='0'/>
                    </console>
                %s    <memballoon model='none'/>
                    <rng model='virtio'>
                      <backend model='random'>/dev/urandom</backend>
                    </rng>
                    <panic model='isa'/>
                  </devices>
                  <qemu:commandline>
                    <qemu:arg value='-netdev'/>
                    <qemu:arg value='%s'/>
                    <qemu:arg value='-device'/>
                    <qemu:arg value='virtio-net-pci,netdev=remotegpu,mac=%s,addr=0x10'/>
                  </qemu:commandline>
                </domain>
                """.formatted(
                        kvm ? "kvm" : "qemu",
                        MachineNames.domain(id),
                        id,
                        plan.metadata().asXml(),
                        plan.memory(),
                        plan.cpus(),
                        boot(plan.image()),
                        // The default, a quarter of the memory, is lost to the host for each emulated machine.
                        kvm ? "" : "    <tcg>\n      <tb-cache unit='MiB'>64</tb-cache>\n    </tcg>\n",
                        cpu(kvm),
                        path(plan.folder().disk()),
                        path(plan.folder().seed()),
                        path(plan.folder().console()),
                        path(plan.folder().console()),
                        plan.gpus().stream().map(DomainXml::hostDevice).collect(Collectors.joining()),
                        escape(network(plan)),
                        MachineNames.mac(id));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&apos;")
                .replace("\"", "&quot;");
    }

    private static String boot(BaseImage image) {
        BaseImage.DirectBoot boot = image.boot();
        if (boot == null) {
            return "    <boot dev='hd'/>\n";
        }
        Path initrd = boot.initrd();
        return "    <kernel>" + path(boot.kernel()) + "</kernel>\n"
                + (initrd == null ? "" : "    <initrd>" + path(initrd) + "</initrd>\n")
                + "    <cmdline>" + escape(boot.arguments()) + "</cmdline>\n";
    }

    /** Emulated, the oldest processor that today's packages still run on (x86-64-v2): each further ability costs time. */
    private static String cpu(boolean kvm) {
        return kvm
                ? "  <cpu mode='host-passthrough' check='none'/>\n"
                : "  <cpu mode='custom' match='exact' check='none'>\n    <model fallback='allow'>Nehalem</model>\n  </cpu>\n";
    }

    /** Not managed: libvirt shall not take the card from another driver by itself, see {@link GpuPassthrough}. */
    private static String hostDevice(PciAddress device) {
        return """
                <hostdev mode='subsystem' type='pci' managed='no'>
                  <driver name='vfio'/>
                  <source>
                    <address domain='0x%s' bus='0x%s' slot='0x%s' function='0x%s'/>
                  </source>
                </hostdev>
                """.formatted(device.domain(), device.bus(), device.slot(), device.function())
                .indent(4);
    }

    private static String network(MachinePlan plan) {
        StringBuilder text = new StringBuilder("user,id=remotegpu,ipv6=off");
        if (plan.isolated()) {
            text.append(",restrict=on");
        }
        for (PortBinding port : plan.ports()) {
            text.append(",hostfwd=tcp:%s:%d-:%d"
                    .formatted(port.address(), port.port(), port.service().containerPort()));
        }
        return text.toString();
    }

    private static String path(Path path) {
        return escape(path.toString());
    }

    private DomainXml() {}
}
