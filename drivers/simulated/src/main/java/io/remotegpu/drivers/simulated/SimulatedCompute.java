package io.remotegpu.drivers.simulated;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.PortBinding;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What tells one simulated container from another one of the same environment.
 *
 * @param shape spec, GPUs and ports in words; equal for equal ones, also in another process
 * @param places the addresses with ports where it listens
 * @param gpus the indices of its GPUs
 */
record SimulatedCompute(String shape, Set<String> places, Set<String> gpus) {

    SimulatedCompute {
        places = Set.copyOf(places);
        gpus = Set.copyOf(gpus);
    }

    static SimulatedCompute of(Deployment deployment) {
        var spec = deployment.spec();
        var places = deployment.ports().stream().map(SimulatedCompute::place).collect(Collectors.toUnmodifiableSet());
        var gpus = deployment.gpus().stream()
                .map(gpu -> Integer.toString(gpu.index()))
                .collect(Collectors.toUnmodifiableSet());
        // Immutable maps have another order in each process.
        var env = new TreeMap<>(spec.env());
        String shape = String.join(
                "|",
                spec.name() + " " + spec.type() + " " + spec.image() + " " + env,
                spec.cpu() + " " + spec.memory() + " " + spec.storage(),
                deployment.gpus().toString(),
                deployment.ports().toString());
        return new SimulatedCompute(shape, places, gpus);
    }

    static String place(PortBinding port) {
        return port.address() + ":" + port.port();
    }
}
