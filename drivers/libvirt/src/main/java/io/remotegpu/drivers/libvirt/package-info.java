/**
 * Environments as virtual machines of libvirt and QEMU.
 *
 * <p>{@link io.remotegpu.drivers.libvirt.LibvirtDriver} is the driver; {@link io.remotegpu.drivers.libvirt.LibvirtEngine}
 * tells what the engine is and can. Pure code decides what to ask for ({@code MachinePlan}, {@code DomainXml},
 * {@code Seed}) and what an answer means ({@code LibvirtErrors}, {@code MachineReport}); the rest asks.
 */
@NullMarked
package io.remotegpu.drivers.libvirt;

import org.jspecify.annotations.NullMarked;
