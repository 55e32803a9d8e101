package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.testkit.EnvironmentDriverContract;
import io.remotegpu.drivers.testkit.Inside;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract, against a real libvirt and QEMU with the small guest. */
class LibvirtDriverIT extends EnvironmentDriverContract {

    private static TestLibvirt engine;

    @BeforeAll
    static void connect() {
        engine = TestLibvirt.connect();
    }

    @AfterAll
    static void close() {
        if (engine != null) {
            engine.close();
        }
    }

    @Override
    protected EnvironmentDriver driver() {
        return engine.driver();
    }

    @Override
    protected TestDeployments deployments() {
        return engine.deployments();
    }

    @Override
    protected Inside inside(Deployment deployment) {
        return new InsideMachine(engine, deployment);
    }

    /** The whole description, also what libvirt calls security sensitive; QEMU's command line; the console. */
    @Override
    protected String engineMetadata(UUID id) {
        return engine.driver().engine().ask("describing " + id, connection -> {
                    var domain = connection.domainLookupByUUID(id);
                    try {
                        return domain.getXMLDesc(1);
                    } finally {
                        domain.free();
                    }
                })
                + ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse(""))
                        .filter(line -> line.contains(id.toString()))
                        .toList()
                + engine.driver().logs(id, 1000);
    }

    @Override
    protected String missingImage() {
        return "remotegpu/missing:1";
    }

    @Override
    protected boolean bindsHostPorts() {
        return true;
    }

    /** No card here can be handed over; GpuPassthroughTest has what can be proved without one. */
    @Override
    protected int gpuCount() {
        return 0;
    }
}
