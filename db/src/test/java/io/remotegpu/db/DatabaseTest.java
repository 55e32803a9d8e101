package io.remotegpu.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.allocation.Allocations;
import io.remotegpu.db.environment.EnvironmentLifecycle;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.EnvironmentWishes;
import io.remotegpu.db.environment.NewEnvironment;
import io.remotegpu.db.gpu.Gpus;
import io.remotegpu.db.gpu.NewGpu;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.db.host.NewHost;
import io.remotegpu.db.invariants.Invariants;
import io.remotegpu.db.port.PortLeases;
import io.remotegpu.db.quota.Reservations;
import io.remotegpu.db.quota.ResourceQuotaRepository;
import io.remotegpu.db.testing.TestDatabase;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** A test on an empty database; makes users, hosts and environments of any status. */
@SpringJUnitConfig(
        classes = TestApplication.class,
        initializers = {ConfigDataApplicationContextInitializer.class, TestApplication.OnTestDatabase.class})
public abstract class DatabaseTest {

    protected static final long GIB = 1L << 30;
    protected static final String H100 = "NVIDIA H100";

    @Autowired
    protected JdbcClient jdbc;

    @Autowired
    protected EnvironmentLifecycle lifecycle;

    @Autowired
    protected EnvironmentWishes wishes;

    @Autowired
    protected EnvironmentRepository environments;

    @Autowired
    protected Reservations reservations;

    @Autowired
    protected ResourceQuotaRepository quotas;

    @Autowired
    protected Allocations allocations;

    @Autowired
    protected PortLeases ports;

    @Autowired
    protected Hosts hosts;

    @Autowired
    protected Gpus gpus;

    @Autowired
    protected Invariants invariants;

    @BeforeEach
    void emptyTheDatabase() {
        jdbc.sql(
                        "TRUNCATE users, hosts, environments, gpus, allocations, holding_log, gpu_use_log, reconciler_findings, login_failures CASCADE")
                .update();
        jdbc.sql(TestDatabase.EMPTY_AUDIT_LOG).update();
    }

    protected Rows rows() {
        return Rows.of(jdbc);
    }

    /** Does it twice; the second time must change nothing. */
    protected void twice(Runnable action) {
        action.run();
        var once = rows();
        action.run();
        assertThat(rows()).isEqualTo(once);
    }

    protected void assertNothingViolated() {
        assertThat(invariants.violations()).isEmpty();
    }

    protected long user(String name) {
        return jdbc.sql("INSERT INTO users (username, email, password_hash) VALUES (?, ?, 'x') RETURNING id")
                .params(name, name + "@example.com")
                .query(Long.class)
                .single();
    }

    /** An active Docker host with 64 cores, 512 GiB and GPUs of 80 GiB in pairs. */
    protected void host(String id, int gpuCount) {
        hosts.register(newHost(id, 64, 512 * GIB));
        hosts.activate(id);
        for (int index = 0; index < gpuCount; index++) {
            gpu(id, index, H100, index / 2);
        }
    }

    protected static NewHost newHost(String id, int cpu, long memory) {
        return new NewHost(
                id, id, "10.0.0.1", null, Set.of(DeploymentMode.DOCKER), cpu, memory, 22000, 22999, null, null);
    }

    protected long gpu(String hostId, int index, String model, int linkGroup) {
        return gpus.register(new NewGpu(hostId, index, "GPU-" + hostId + "-" + index, model, 80 * GIB, linkGroup))
                .orElseThrow()
                .id();
    }

    /** Written down as creating, by the operation {@code create-<id>}. */
    protected UUID created(long userId, EnvironmentSpec spec) {
        var id = UUID.randomUUID();
        lifecycle.create(new NewEnvironment(id, userId, "tester", "create-" + id, spec, null));
        return id;
    }

    /** Running, with all it asked for. */
    protected UUID running(long userId, EnvironmentSpec spec) {
        var id = created(userId, spec);
        reservations.reserve(id);
        allocations.allocate(id, Set.of());
        ports.lease(id);
        lifecycle.enter(id, "create-" + id, "deploy");
        lifecycle.succeed(id, "create-" + id, EnvironmentStatus.RUNNING);
        return id;
    }

    /** Stopped, with its storage, its host and its ports. */
    protected UUID stopped(long userId, EnvironmentSpec spec) {
        var id = running(userId, spec);
        lifecycle.begin(id, "stop-" + id, OperationKind.STOP, "tester");
        reservations.releaseCompute(id);
        allocations.release(id);
        lifecycle.succeed(id, "stop-" + id, EnvironmentStatus.STOPPED);
        return id;
    }

    protected EnvironmentStatus status(UUID id) {
        return environments.findById(id).orElseThrow().status();
    }

    protected long count(String sql, Object... params) {
        return jdbc.sql("SELECT count(*) FROM " + sql)
                .params(params)
                .query(Long.class)
                .single();
    }
}
