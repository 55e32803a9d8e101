package io.remotegpu.db.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;

class HostsIT extends DatabaseTest {

    private static final Capacity CAPACITY = new Capacity(
            8,
            32 * GIB,
            Set.of(DeploymentMode.DOCKER, DeploymentMode.VM),
            Map.of("docker", "26.1"),
            java.util.List.of());

    @Autowired
    private HostRepository repository;

    @Test
    void aRegisteredHostIsPendingUntilItIsHeardFrom() {
        var host = hosts.register(new NewHost(
                "host-1", "GPU Server 1", "192.168.1.100", null, Set.of(), 0, 0, 22000, 29999, null, "hash"));
        assertThat(host.status()).isEqualTo(HostStatus.PENDING);
        assertThat(host.listenAddress()).isEqualTo("192.168.1.100");

        assertThat(hosts.heartbeat("host-1", CAPACITY))
                .hasValueSatisfying(said -> assertThat(said).isEmpty());

        var heard = repository.findByTokenHash("hash").orElseThrow();
        assertThat(heard)
                .extracting(Host::status, Host::totalCpu, Host::totalMemory, Host::modes)
                .containsExactly(HostStatus.ACTIVE, 8, 32 * GIB, Set.of(DeploymentMode.DOCKER, DeploymentMode.VM));
        assertThat(heard.facts().values()).isEqualTo(Map.of("docker", "26.1"));
        assertThat(heard.lastHeartbeat()).isNotNull();
        assertThat(hosts.heartbeat("nobody", CAPACITY)).isEmpty();
    }

    @Test
    void anIdIsRegisteredOnce() {
        host("host-1", 0);

        assertThatThrownBy(() -> host("host-1", 0))
                .isInstanceOf(HostExistsException.class)
                .hasMessageContaining("host-1");
    }

    @Test
    void aHeartbeatEndsQuarantineButNotWhatAnAdministratorSaid() {
        host("host-1", 0);
        for (var status : HostStatus.values()) {
            jdbc.sql("UPDATE hosts SET status = ?").param(status.wireName()).update();
            hosts.heartbeat("host-1", CAPACITY);
            var expected = switch (status) {
                case PENDING, ACTIVE, QUARANTINED -> HostStatus.ACTIVE;
                case DRAINING, LOST -> status;
            };
            assertThat(repository.findById("host-1").orElseThrow().status()).isEqualTo(expected);
        }
    }

    @Test
    void quarantineIsForHostsThatNobodyHasSpokenOf() {
        host("host-1", 0);
        for (var status : HostStatus.values()) {
            jdbc.sql("UPDATE hosts SET status = ?").param(status.wireName()).update();
            twice(() -> hosts.quarantine("host-1", "it is cordoned"));
            var expected = switch (status) {
                case PENDING, ACTIVE, QUARANTINED -> HostStatus.QUARANTINED;
                case DRAINING, LOST -> status;
            };
            assertThat(repository.findById("host-1").orElseThrow().status()).isEqualTo(expected);
        }
        assertThat(hosts.quarantine("nobody", "why")).isEmpty();
    }

    @Test
    void theTableOfStatusMovesIsThis() {
        var table = Arrays.stream(HostStatus.values())
                .map(status -> "%-11s -> %s"
                        .formatted(
                                status.wireName(),
                                Arrays.stream(HostStatus.values())
                                        .filter(status.successors()::contains)
                                        .map(HostStatus::wireName)
                                        .collect(Collectors.joining(", "))))
                .collect(Collectors.joining("\n"));
        System.out.println(table);
        assertThat(table).isEqualTo("""
                pending     -> active, draining, lost
                active      -> quarantined, draining, lost
                quarantined -> active, draining, lost
                draining    -> active, lost
                lost        -> active, draining""");
    }

    @Test
    void movesTwiceAreTheSameAndForbiddenOnesAreRefused() {
        host("host-1", 0);

        twice(() -> hosts.drain("host-1"));
        twice(() -> hosts.activate("host-1"));
        twice(() -> hosts.lost("host-1"));
        jdbc.sql("UPDATE hosts SET unswept = false").update();
        assertThat(hosts.drain("nobody")).isEmpty();
        for (var status : HostStatus.values()) {
            jdbc.sql("UPDATE hosts SET status = ?").param(status.wireName()).update();
            if (status == HostStatus.DRAINING || status.successors().contains(HostStatus.DRAINING)) {
                assertThat(hosts.drain("host-1").orElseThrow().status()).isEqualTo(HostStatus.DRAINING);
            } else {
                assertThatThrownBy(() -> hosts.drain("host-1")).isInstanceOf(HostStatusException.class);
            }
        }
    }

    @Test
    void theWordLostAloneFreesNothing() {
        host("host-1", 1);
        var id = running(user("ann"), Specs.terminal("a", 1));

        hosts.lost("host-1");

        assertThat(allocations.held(id)).isPresent();
        assertNothingViolated();
    }

    @Test
    void anUpdateChangesWhatItSaysAndNothingElse() {
        host("host-1", 0);
        var before = repository.findById("host-1").orElseThrow();

        var after = hosts.update("host-1", new HostUpdate("new name", null, "0.0.0.0", null, 23000, null))
                .orElseThrow();

        assertThat(after)
                .extracting(Host::name, Host::ipAddress, Host::bindAddress, Host::portMin, Host::portMax)
                .containsExactly("new name", before.ipAddress(), "0.0.0.0", before.portMin(), 23000);
        assertThat(hosts.update("nobody", new HostUpdate("x", null, null, null, null, null)))
                .isEmpty();
    }

    @Test
    void aHostIsDeletedOnlyWhenNothingIsThereAndItsHistoryStays() {
        host("host-1", 2);
        var id = running(user("ann"), Specs.terminal("a", 1));

        assertThatThrownBy(() -> hosts.delete("host-1"))
                .isInstanceOf(HostInUseException.class)
                .hasMessageContaining("host-1 has 1 environment:");

        delete(id);
        twice(() -> hosts.delete("host-1"));
        assertThat(repository.findById("host-1")).isEmpty();
        assertThat(count("gpus")).isZero();
        assertThat(count("allocations WHERE host_id = 'host-1'")).isEqualTo(1);
        assertThat(count("gpu_allocations WHERE model = ?", H100)).isEqualTo(1);
        assertThat(environments.findById(id)).isPresent();
        assertNothingViolated();
    }

    @Test
    void aHostThatAnEnvironmentAsksForIsNotDeleted() {
        host("host-1", 0);
        var id = created(user("ann"), Specs.withGpus("a", 0, null, null, "host-1"));
        lifecycle.fail(id, "create-" + id, "x", "y", java.util.List.of());

        assertThatThrownBy(() -> hosts.delete("host-1")).isInstanceOf(HostInUseException.class);
    }

    @Test
    void hostsAreListedByStatusInPages() {
        host("host-1", 0);
        host("host-2", 0);
        hosts.drain("host-2");

        var page = PageRequest.of(0, 1, Sort.by("id"));
        assertThat(repository.findAll(page).getTotalElements()).isEqualTo(2);
        assertThat(repository.findAll(page).getContent()).extracting(Host::id).containsExactly("host-1");
        assertThat(repository.findByStatus(HostStatus.DRAINING, page).getContent())
                .extracting(Host::id)
                .containsExactly("host-2");
        assertThat(repository.all()).hasSize(2);
    }

    private void delete(UUID id) {
        lifecycle.begin(id, "delete", OperationKind.DELETE, "tester");
        ports.release(id);
        allocations.release(id);
        reservations.release(id);
        lifecycle.succeed(id, "delete", EnvironmentStatus.DELETED);
    }
}
