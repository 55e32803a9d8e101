package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostVirtualizationTest {

    private static final String LISTS_KVM =
            "<guest><arch name='x86_64'><domain type='qemu'/><domain type='kvm'/></arch></guest>";
    private static final String LISTS_NO_KVM = "<guest><arch name='x86_64'><domain type='qemu'/></arch></guest>";

    @Test
    void aProcessorThatCanAndALibvirtThatOffersItMeanKvm() {
        assertThat(HostVirtualization.decide("processor : 0\nflags\t\t: fpu vmx sse2\n", LISTS_KVM)
                        .acceleration())
                .isEqualTo(Acceleration.KVM);
        assertThat(HostVirtualization.decide("flags\t\t: svm\n", LISTS_KVM).acceleration())
                .isEqualTo(Acceleration.KVM);
    }

    /** libvirt lists KVM wherever /dev/kvm can be opened, also where no guest ever runs. */
    @Test
    void thatLibvirtListsKvmIsNotEnough() {
        HostVirtualization.Decision decision = HostVirtualization.decide("flags\t\t: fpu sse2 vmxish\n", LISTS_KVM);
        assertThat(decision.acceleration()).isEqualTo(Acceleration.EMULATION);
        assertThat(decision.reason()).contains("no hardware virtualization");
    }

    @Test
    void thatTheProcessorCanIsNotEnough() {
        HostVirtualization.Decision decision = HostVirtualization.decide("flags\t\t: vmx\n", LISTS_NO_KVM);
        assertThat(decision.acceleration()).isEqualTo(Acceleration.EMULATION);
        assertThat(decision.reason()).contains("kvm_intel");
    }
}
