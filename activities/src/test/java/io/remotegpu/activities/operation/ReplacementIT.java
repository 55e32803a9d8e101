package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.Installation;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.drivers.simulated.DriverCall;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.ErrorKind;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A host that cannot take an environment after all, or a port that is taken, is not the end of a create. */
class ReplacementIT extends InstallationTest {

    /** Packing fills the smaller host first. */
    private static final int SMALL = 2;

    @Test
    void aHostWithoutRoomAfterAllIsLeftForAnother() {
        installation.host(HOST, SMALL, 1);
        installation.host(OTHER_HOST, 1);
        installation.engineFaults(HOST).failAfter(DriverCall.DEPLOY, ErrorKind.NO_CAPACITY, 1);

        running();

        assertThat(installation.environment(id).hostId()).isEqualTo(OTHER_HOST);
        assertThat(installation.engineFaults(HOST).calls(DriverCall.REMOVE)).isEqualTo(1);
    }

    @Test
    void whereNoOtherHostIsTheCreateFails() {
        installation.host(HOST, 1);
        installation.engineFaults(HOST).failAfter(DriverCall.DEPLOY, ErrorKind.NO_CAPACITY, 1);

        create();
        awaitEnd();

        assertFailed("no_capacity", Holdings.NOTHING);
    }

    @Test
    void afterThreeHostsTheCreateFails() {
        for (var host : new String[] {"host-1", "host-2", "host-3", "host-4"}) {
            installation.host(host, 1);
            installation.engineFaults(host).failBefore(DriverCall.DEPLOY, ErrorKind.NO_CAPACITY, 1);
        }

        create();
        awaitEnd();

        assertFailed("no_capacity", Holdings.NOTHING);
    }

    /** Both in one test: half a minute passes until a host is given up. */
    @Test
    void aHostWhoseAgentIsAwayIsLeftForAnotherIfThereIsOne() {
        installation.host(Installation.UNSERVED, SMALL, 2);
        installation.host(HOST, 1);
        var nowhereElse = UUID.randomUUID();
        operations.create(installation.user(), nowhereElse, Specs.on(Installation.UNSERVED, "train-2"));

        create();
        assertThat(installation.environment(id).hostId()).isEqualTo(Installation.UNSERVED);
        awaitEnd();
        operations.awaitEnd(nowhereElse);

        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        assertThat(installation.environment(id).hostId()).isEqualTo(HOST);
        assertThat(installation.environment(nowhereElse).failureCode()).isEqualTo("no_capacity");
        assertThat(installation.holdings(nowhereElse)).isEqualTo(Holdings.NOTHING);
    }

    @Test
    void takenPortsAreSetAsideForOthers() {
        installation.host(HOST, 2);
        installation.engineFaults(HOST).portTaken(22000).portTaken(22001);

        running();

        assertThat(ports()).containsExactly(22002);
        assertThat(installation
                        .jdbc()
                        .sql("SELECT port FROM ports_set_aside ORDER BY port")
                        .query(Integer.class)
                        .list())
                .containsExactly(22000, 22001);
    }

    @Test
    void afterFiveTakenPortsTheCreateFails() {
        installation.host(HOST, 1);
        for (int port = 22000; port < 22005; port++) {
            installation.engineFaults(HOST).portTaken(port);
        }

        create();
        awaitEnd();

        assertFailed("port_taken", Holdings.NOTHING);
    }

    @Test
    void aStartMovesToAnotherPortWhenItsOwnWasTakenMeanwhile() {
        installation.host(HOST, 1);
        stopped();
        installation.engineFaults(HOST).portTaken(22000);

        operations.start(id);
        awaitEnd();

        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        assertThat(ports()).containsExactly(22001);
    }

    @Test
    void aStartStaysWithItsDataEvenWhenTheHostHasNoRoom() {
        installation.host(HOST, SMALL, 1);
        installation.host(OTHER_HOST, 1);
        stopped();
        installation.engineFaults(HOST).failBefore(DriverCall.DEPLOY, ErrorKind.NO_CAPACITY, 1);

        operations.start(id);
        awaitEnd();

        assertFailed("no_capacity", Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(installation.environment(id).hostId()).isEqualTo(HOST);
    }

    private List<Integer> ports() {
        return installation
                .jdbc()
                .sql("SELECT port FROM port_leases WHERE environment_id = ?")
                .param(id)
                .query(Integer.class)
                .list();
    }
}
