package io.remotegpu.drivers.docker;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.Fingerprint;

/**
 * Tells whether two deployments ask for the same compute. What only placed it (host, model, priority), what Docker cannot
 * limit afterwards (disks) and the credentials, which change without a new container, stay out; what our settings add is in.
 */
final class DeploymentHash {

    static String of(Deployment deployment, GpuAttachment attachment, DockerDriverSettings settings) {
        EnvironmentSpec spec = deployment.spec();
        var print = new Fingerprint();
        print.add("1"); // what follows, and its order
        print.add(spec.name());
        print.add(spec.type().wireName());
        print.add(spec.image());
        print.add(Integer.toString(spec.cpu()));
        print.add(Long.toString(spec.memory()));
        print.addVariables(spec.env()).addPorts(deployment.ports());
        print.add("gpus " + attachment.visibleDevices());
        attachment.requests().forEach(request -> {
            print.add(String.valueOf(request.getDriver()));
            print.add(String.valueOf(request.getDeviceIds()));
        });
        print.add(settings.network());
        print.add(Long.toString(settings.limits().processes()));
        print.add(Integer.toString(settings.limits().sharedMemoryPercent()));
        return print.hex();
    }

    private DeploymentHash() {}
}
