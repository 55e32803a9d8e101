package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.Fingerprint;
import java.util.List;

/**
 * Tells whether two deployments ask for the same machine. What only placed it (host, model, priority) and the credentials,
 * which a machine receives when it starts, stay out; what our settings add is in.
 */
final class DeploymentHash {

    static String of(
            Deployment deployment, List<PciAddress> gpus, Acceleration acceleration, LibvirtDriverSettings settings) {
        EnvironmentSpec spec = deployment.spec();
        var print = new Fingerprint();
        print.add("1"); // what follows, and its order
        print.add(spec.name());
        print.add(spec.type().wireName());
        print.add(spec.image());
        print.add(Integer.toString(spec.cpu()));
        print.add(Long.toString(spec.memory()));
        print.add(Long.toString(spec.storage()));
        print.addVariables(spec.env()).addPorts(deployment.ports());
        gpus.forEach(gpu -> print.add("gpu " + gpu));
        print.add(acceleration.name());
        print.add(Boolean.toString(settings.isolated()));
        return print.hex();
    }

    private DeploymentHash() {}
}
