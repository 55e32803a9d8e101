package io.remotegpu.db.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;

class PortLeasesIT extends DatabaseTest {

    private long user;

    @BeforeEach
    void aUserAndAHost() {
        user = user("ann");
        host("host-1", 2);
        jdbc.sql("UPDATE hosts SET bind_address = '127.0.0.1'").update();
    }

    @Test
    void eachServiceGetsTheLowestFreePort() {
        var first = placed(EnvironmentType.DESKTOP);
        var second = placed(EnvironmentType.TERMINAL);

        assertThat(ports.lease(first))
                .containsExactly(
                        new PortBinding(Service.SSH, "127.0.0.1", 22000),
                        new PortBinding(Service.RDP, "127.0.0.1", 22001),
                        new PortBinding(Service.VNC, "127.0.0.1", 22002));
        assertThat(ports.lease(second)).containsExactly(new PortBinding(Service.SSH, "127.0.0.1", 22003));
        ports.release(first);
        assertThat(ports.lease(placed(EnvironmentType.TERMINAL)))
                .containsExactly(new PortBinding(Service.SSH, "127.0.0.1", 22000));
        assertThat(ports.endpoints(second)).containsExactly(new Endpoint(Service.SSH, "10.0.0.1", 22003, false));
        assertNothingViolated();
    }

    @Test
    void leaseSetAsideAndReleaseTwiceAreTheSame() {
        var id = placed(EnvironmentType.IDE);

        twice(() -> ports.lease(id));
        ports.setAside(id, 22000, Duration.ofHours(1));
        var leases = rows().tables().get("port_leases");
        ports.setAside(id, 22000, Duration.ofHours(1));
        assertThat(rows().tables().get("port_leases")).isEqualTo(leases).hasSize(1);
        twice(() -> ports.release(id));
        twice(() -> ports.release(UUID.randomUUID()));
        ports.setAside(UUID.randomUUID(), 1, Duration.ofHours(1));
    }

    @Test
    void aPublicAddressTakesTheLeasesPlaceUntilItGoesWithIt() {
        var id = placed(EnvironmentType.IDE);
        ports.lease(id);
        var jupyter = new Endpoint(Service.JUPYTER, "jupyter.gpu.example.org", 443, true);

        twice(() -> ports.publish(id, List.of(jupyter)));
        assertThat(ports.endpoints(id)).containsExactly(new Endpoint(Service.SSH, "10.0.0.1", 22000, false), jupyter);
        assertThat(ports.lease(id))
                .as("the node port stays leased")
                .extracting(PortBinding::port)
                .containsExactly(22000, 22001);

        ports.publish(id, List.of());
        assertThat(ports.endpoints(id)).extracting(Endpoint::host).containsOnly("10.0.0.1");

        ports.publish(id, List.of(jupyter));
        ports.release(id);
        twice(() -> ports.publish(id, List.of(jupyter)));
        assertThat(ports.endpoints(id)).isEmpty();
        ports.lease(id);
        assertThat(ports.endpoints(id))
                .as("leased anew")
                .extracting(Endpoint::host)
                .containsOnly("10.0.0.1");
    }

    @Test
    void aPortSetAsideIsNotLeasedUntilItsTimeIsOver() {
        var id = placed(EnvironmentType.IDE);
        ports.lease(id);

        ports.setAside(id, 22000, Duration.ofHours(1));
        assertThat(ports.lease(id)).extracting(PortBinding::port).containsExactly(22002, 22001);

        jdbc.sql("UPDATE ports_set_aside SET until = now() - interval '1 second'")
                .update();
        assertThat(ports.lease(placed(EnvironmentType.TERMINAL)))
                .extracting(PortBinding::port)
                .containsExactly(22000);
    }

    @Test
    void leasesOnAnotherHostAreGivenUp() {
        var id = placed(EnvironmentType.TERMINAL);
        ports.lease(id);
        host("host-2", 2);
        allocations.release(id);
        allocations.allocate(id, Set.of("host-1"));

        twice(() -> ports.lease(id));

        assertThat(count("port_leases WHERE host_id = 'host-2'")).isEqualTo(1);
        assertThat(count("port_leases")).isEqualTo(1);
        assertNothingViolated();
    }

    @Test
    void aUsedUpRangeIsNamedAndNothingIsLeased() {
        var id = placed(EnvironmentType.DESKTOP);
        // since it was placed, where the ports counted
        jdbc.sql("UPDATE hosts SET port_max = 22001").update();

        assertThatThrownBy(() -> ports.lease(id))
                .isInstanceOf(NoPortException.class)
                .hasMessage("host host-1 has fewer than 3 free ports from 22000 to 22001: "
                        + "widen its port range, or delete environments there");
        assertThat(count("port_leases")).isZero();
    }

    @Test
    void aPortIsLeasedOnceInAClusterWhateverItsNode() {
        jdbc.sql("UPDATE hosts SET cluster = 'main'").update();
        var here = placed(EnvironmentType.TERMINAL);
        ports.lease(here);
        ports.setAside(here, 22000, Duration.ofHours(1));
        assertThat(ports.lease(here)).extracting(PortBinding::port).containsExactly(22001);

        host("host-2", 2);
        jdbc.sql("UPDATE hosts SET cluster = 'main' WHERE id = 'host-2'").update();
        var there = created(user, Specs.terminal("there", 0));
        allocations.allocate(there, Set.of("host-1"));
        assertThat(ports.lease(there)).extracting(PortBinding::port).containsExactly(22002);

        host("host-3", 2);
        var elsewhere = created(user, Specs.terminal("elsewhere", 0));
        allocations.allocate(elsewhere, Set.of("host-1", "host-2"));
        assertThat(ports.lease(elsewhere)).extracting(PortBinding::port).containsExactly(22000);
        assertThatThrownBy(() -> jdbc.sql("UPDATE port_leases SET port = 22002 WHERE environment_id = ?")
                        .param(here)
                        .update())
                .isInstanceOf(DuplicateKeyException.class);
        assertNothingViolated();
    }

    private UUID placed(EnvironmentType type) {
        var id = created(user, Specs.spec("e" + UUID.randomUUID(), type, 0));
        allocations.allocate(id, Set.of());
        return id;
    }
}
