package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.activities.testing.Gate;
import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.HostWatching;
import io.remotegpu.activities.testing.Installation;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.db.environment.HostLosses;
import io.remotegpu.db.host.Capacity;
import io.remotegpu.db.host.Host;
import io.remotegpu.db.host.HostRepository;
import io.remotegpu.db.host.HostStatus;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.drivers.simulated.DriverCall;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.ErrorKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An administrator says that a host is gone for good: what waits for it ends, and what it carries never counts again. */
class LostHostIT extends InstallationTest {

    private static final Capacity CAPACITY =
            new Capacity(64, 256 * Specs.GIB, Set.of(DeploymentMode.SIMULATED), Map.of(), List.of());

    private static HostWatching watching;

    private final Gate gate = new Gate();

    @BeforeAll
    static void watch() {
        watching = new HostWatching(installation);
    }

    @AfterAll
    static void close() {
        watching.close();
    }

    @AfterEach
    void endWhatWaits() {
        gate.open();
        watching.terminate(HOST);
        watching.terminate(Installation.UNSERVED);
    }

    @Test
    void whatRanThereFailsAndItsLeftoversAreSweptBeforeTheHostIsGivenAnything() {
        installation.host(HOST, 1);
        running();
        installation.crashHost(HOST);

        lose(HOST);
        watching.await(() -> installation.environment(id).status() == EnvironmentStatus.FAILED);

        assertThat(installation.environment(id).failureCode()).isEqualTo(HostLosses.HOST_LOST);
        assertThat(installation.holdings(id)).isEqualTo(Holdings.NOTHING);
        assertThat(installation.driver(HOST).list()).containsExactly(id);
        installation.bean(Hosts.class).activate(HOST);
        installation.bean(Hosts.class).heartbeat(HOST, CAPACITY);
        assertThat(host(HOST).status()).isEqualTo(HostStatus.QUARANTINED);

        installation.startHost(HOST);
        watching.await(() -> !host(HOST).unswept());
        installation.bean(Hosts.class).heartbeat(HOST, CAPACITY);

        assertThat(host(HOST).status()).isEqualTo(HostStatus.ACTIVE);
        assertThat(installation.driver(HOST).list()).isEmpty();
        assertFailed(HostLosses.HOST_LOST, Holdings.NOTHING);
        delete();
        create("train");
        installation.assertSound();
    }

    @Test
    void aCreateThatWaitsForItGoesToAnotherHost() {
        installation.host(Installation.UNSERVED, 2, 2);
        create();
        assertThat(installation.environment(id).hostId()).isEqualTo(Installation.UNSERVED);
        installation.host(HOST, 1);

        lose(Installation.UNSERVED);
        awaitEnd();

        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        assertThat(installation.environment(id).hostId()).isEqualTo(HOST);
    }

    @Test
    void aCreateThatMayBeThereOnlyFails() {
        installation.host(Installation.UNSERVED, 1);
        operations.create(installation.user(), id, Specs.on(Installation.UNSERVED, "train"));

        lose(Installation.UNSERVED);
        awaitEnd();

        assertFailed("no_capacity", Holdings.NOTHING);
    }

    @Test
    void anUndoThatWaitsForItEnds() {
        installation.host(HOST, 1);
        installation.faults().before("Engine_remove", gate);
        installation.engineFaults(HOST).failAfter(DriverCall.DEPLOY, ErrorKind.INVALID_SPEC, 1);
        create();
        gate.awaitArrival();
        installation.crashHost(HOST);
        assertThat(installation.holdings(id)).isEqualTo(Holdings.OF_A_RUNNING_TERMINAL);

        lose(HOST);
        awaitEnd();

        assertThat(installation.environment(id).failureCode()).isEqualTo("invalid_spec");
        assertThat(installation.holdings(id)).isEqualTo(Holdings.NOTHING);
        installation.startHost(HOST);
        watching.await(() -> !host(HOST).unswept());
        assertFailed("invalid_spec", Holdings.NOTHING);
    }

    @Test
    void aStopThatWaitsForItEndsAndTheEnvironmentHasFailed() {
        installation.host(HOST, 1);
        running();
        installation.faults().before("Engine_stop", gate);
        operations.stop(id);
        gate.awaitArrival();
        installation.crashHost(HOST);

        lose(HOST);
        awaitEnd();
        watching.await(() -> installation.environment(id).status() == EnvironmentStatus.FAILED);

        assertThat(installation.environment(id).failureCode()).isEqualTo(HostLosses.HOST_LOST);
        assertThat(installation.holdings(id)).isEqualTo(Holdings.NOTHING);
        installation.startHost(HOST);
        watching.await(() -> !host(HOST).unswept());
        assertFailed(HostLosses.HOST_LOST, Holdings.NOTHING);
    }

    @Test
    void aDeleteThatWaitsForItEnds() {
        installation.host(HOST, 1);
        stopped();
        installation.faults().before("Engine_remove", gate);
        operations.delete(id);
        gate.awaitArrival();
        installation.crashHost(HOST);

        lose(HOST);
        awaitEnd();

        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.DELETED);
        assertThat(installation.holdings(id)).isEqualTo(Holdings.NOTHING);
        installation.startHost(HOST);
        watching.await(() -> !host(HOST).unswept());
        installation.assertSound();
    }

    /** Its agent is alive after all, and carries on: what it brings up is swept as soon as it is done. */
    @Test
    void aDeployInTheMiddleOnAHostThatIsAliveAfterAllLeavesNothing() {
        installation.host(HOST, 1);
        installation.faults().after("Engine_deploy", gate);
        create();
        gate.awaitArrival();

        lose(HOST);
        installation.bean(Hosts.class).heartbeat(HOST, CAPACITY);
        gate.open();
        awaitEnd();
        watching.await(() -> !host(HOST).unswept());

        assertThat(installation.driver(HOST).list()).isEmpty();
        assertFailed(HostLosses.HOST_LOST, Holdings.NOTHING);
        assertThat(host(HOST).status()).isEqualTo(HostStatus.LOST);
    }

    @Test
    void whatRunsOnADrainedHostIsStoppedWhereTheAdministratorSaysSo() {
        installation.host(HOST, 2);
        running();
        installation.bean(Hosts.class).drain(HOST);
        assertThat(watching.look()).isEmpty();

        installation.bean(Hosts.class).drain(HOST, true);
        assertThat(watching.look()).singleElement().asString().contains("stopping 'train'", "host-1 is drained");
        awaitEnd();

        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(watching.look()).isEmpty();
    }

    @Test
    void whatIsJustPlacedOnAHostThatIsDrainedGoesOnAndNothingNewComes() {
        installation.host(HOST, 2);
        installation.faults().before("Engine_deploy", gate);
        create();
        gate.awaitArrival();
        installation.bean(Hosts.class).drain(HOST, true);
        assertThat(watching.look()).isEmpty();
        gate.open();
        awaitEnd();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);

        watching.look();
        awaitEnd();

        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
    }

    private void lose(String hostId) {
        installation.bean(Hosts.class).lost(hostId);
        assertThat(watching.look()).singleElement().asString().contains(hostId + " was declared lost");
        assertThat(watching.look()).as("it is dealt with already").isEmpty();
    }

    private Host host(String hostId) {
        return installation.bean(HostRepository.class).findById(hostId).orElseThrow();
    }
}
