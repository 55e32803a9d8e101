package io.remotegpu.db.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.OperationKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class EnvironmentSearchIT extends DatabaseTest {

    @Autowired
    private OperationRepository operations;

    @Test
    void environmentsAreListedByUserStatusTypeAndHostDeletedOnesOnlyWhenAskedFor() {
        host("host-1", 0);
        var ann = user("ann");
        var bob = user("bob");
        var terminal = running(ann, Specs.terminal("a", 0));
        var ide = created(ann, Specs.spec("b", EnvironmentType.IDE, 0));
        var bobs = running(bob, Specs.terminal("a", 0));
        var deleted = created(bob, Specs.terminal("d", 0));
        lifecycle.fail(deleted, "create-" + deleted, "x", "y", List.of());
        lifecycle.begin(deleted, "delete", OperationKind.DELETE, "bob");
        lifecycle.succeed(deleted, "delete", EnvironmentStatus.DELETED);

        assertThat(find(null, null, null, null)).containsExactly(bobs, ide, terminal);
        assertThat(find(ann, null, null, null)).containsExactly(ide, terminal);
        assertThat(find(null, EnvironmentStatus.RUNNING, null, null)).containsExactly(bobs, terminal);
        assertThat(find(null, null, EnvironmentType.IDE, null)).containsExactly(ide);
        assertThat(find(null, null, null, "host-1")).containsExactly(bobs, terminal);
        assertThat(find(ann, EnvironmentStatus.DELETED, null, null)).isEmpty();
        assertThat(find(bob, EnvironmentStatus.DELETED, null, null)).containsExactly(deleted);
        var second = environments.search(EnvironmentFilter.all(), 1, 2);
        assertThat(second.getContent()).extracting(Environment::id).containsExactly(terminal);
        assertThat(second.getTotalElements()).isEqualTo(3);
        assertThat(operations.lastOf(List.of(terminal, deleted)))
                .extracting(Operation::id)
                .containsExactlyInAnyOrder("create-" + terminal, "delete");
    }

    private List<java.util.UUID> find(Long user, EnvironmentStatus status, EnvironmentType type, String host) {
        return environments.search(new EnvironmentFilter(user, status, type, host), 0, 20).getContent().stream()
                .map(Environment::id)
                .toList();
    }
}
