package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.probe.ServiceProbe;
import java.util.List;

/** What the state of an existing machine means for its environment. */
final class MachineReport {

    private final ServiceProbe probe;

    MachineReport(ServiceProbe probe) {
        this.probe = probe;
    }

    Observation of(Machine machine) {
        String name = MachineNames.domain(machine.id());
        return switch (machine.state().kind()) {
            case RUNNING -> running(machine);
            case STARTING_UP -> Observation.starting("its machine is being started");
            case ENDING, GONE -> stopped("its machine is shutting down");
            case OFF -> stopped("its machine is off");
            case OFF_FROM_WITHIN -> stopped("its machine was shut down from within");
            case OFF_BY_HAND -> stopped("its machine was switched off at the host");
            case OFF_NOT_STARTED ->
                Observation.failed("its machine could not be started: see the host's log of " + name);
            case CRASHED -> Observation.failed("its machine crashed: stop the environment and start it again");
            case SLEEPING ->
                Observation.failed("its machine put itself to sleep: stop the environment and start it again");
            case PAUSED_DISK_ERROR ->
                Observation.failed(
                        "its machine is paused because the host's disk is full or broken: free some of it, then"
                                + " continue the machine by 'virsh resume " + name + "'");
            case PAUSED_BY_HAND ->
                Observation.failed("its machine was paused by hand: continue it by 'virsh resume " + name + "'");
            case PAUSED_OTHERWISE ->
                Observation.failed("its machine is paused at the host (reason "
                        + machine.state().code() + "): see 'virsh domstate --reason " + name + "'");
        };
    }

    private Observation running(Machine machine) {
        MachineMetadata metadata = machine.metadata();
        List<String> silent = metadata == null ? List.of() : probe.silent(metadata.services());
        return silent.isEmpty() ? Observation.running() : Observation.starting(String.join("; ", silent));
    }

    private static Observation stopped(String reason) {
        return new Observation(Observation.State.STOPPED, reason);
    }
}
