package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.activities.testing.Gate;
import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.drivers.simulated.DriverCall;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers come and go; operations go on where they were. */
class WorkerCrashIT extends InstallationTest {

    private final Gate gate = new Gate();

    @BeforeEach
    void oneHost() {
        installation.host(HOST, 1);
    }

    @Test
    void aDeployWhoseHostWorkerEndsInTheMiddleIsTakenUpByTheNextOne() {
        installation.faults().after("Engine_deploy", gate);
        create();
        gate.awaitArrival();

        installation.crashHost(HOST);
        installation.startHost(HOST);
        awaitEnd();

        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        assertThat(installation.engineFaults(HOST).calls(DriverCall.DEPLOY)).isEqualTo(2);
    }

    @Test
    void anUndoWhoseHostWorkerEndsInTheMiddleIsTakenUpByTheNextOne() {
        running();
        installation.faults().before("Engine_remove", gate);
        operations.delete(id);
        gate.awaitArrival();

        installation.crashHost(HOST);
        assertThat(installation.holdings(id)).isEqualTo(Holdings.OF_A_RUNNING_TERMINAL);
        installation.startHost(HOST);
        awaitEnd();

        assertStatus(EnvironmentStatus.DELETED, Holdings.NOTHING);
    }

    @Test
    void aCreateGoesOnWhenTheControlWorkerComesBackDuringItsDeploy() {
        installation.faults().before("Engine_deploy", gate);
        create();
        gate.awaitArrival();

        installation.crashControl();
        gate.open();
        installation.startControl();
        awaitEnd();

        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        assertThat(installation.engineFaults(HOST).calls(DriverCall.DEPLOY)).isEqualTo(1);
    }

    @Test
    void aCreateGoesOnWhenTheControlWorkerEndsInADatabaseStep() {
        installation.faults().after("Allocation_allocate", gate);
        var create = beside(this::create);
        gate.awaitArrival();

        installation.crashControl();
        installation.startControl();
        create.join();
        awaitEnd();

        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }
}
