package io.remotegpu.activities.testing;

import io.remotegpu.activities.engine.ActivitySampler;
import io.remotegpu.activities.engine.Drivers;
import io.remotegpu.activities.engine.EngineActivities;
import io.remotegpu.activities.engine.EngineSweep;
import io.remotegpu.activities.engine.LogFollower;
import io.remotegpu.activities.engine.Readiness;
import io.remotegpu.activities.engine.StoredCredentials;
import io.remotegpu.activities.engine.StoredLogs;
import io.remotegpu.activities.environment.EnvironmentActivitiesConfiguration;
import io.remotegpu.activities.worker.ControlWorker;
import io.remotegpu.activities.worker.HostWorker;
import io.remotegpu.activities.worker.QueueDispatcher;
import io.remotegpu.activities.worker.WorkerSettings;
import io.remotegpu.db.DatabaseConfiguration;
import io.remotegpu.db.allocation.CapacityQueue;
import io.remotegpu.db.channel.Channels;
import io.remotegpu.db.environment.DeploymentInputs;
import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.KeptLogs;
import io.remotegpu.db.environment.LogStreams;
import io.remotegpu.db.environment.StepEvents;
import io.remotegpu.db.gpu.Gpus;
import io.remotegpu.db.gpu.NewGpu;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.db.host.NewHost;
import io.remotegpu.db.invariants.Invariants;
import io.remotegpu.db.testing.TestDatabase;
import io.remotegpu.drivers.simulated.ScriptedFaults;
import io.remotegpu.drivers.simulated.SimulatedDriver;
import io.remotegpu.drivers.simulated.SimulatedDriverSettings;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.workflows.SearchAttributes;
import io.remotegpu.workflows.environment.AdmissionSteps;
import io.remotegpu.workflows.environment.AllocationSteps;
import io.remotegpu.workflows.environment.EngineSteps;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.PortSteps;
import io.remotegpu.workflows.environment.QuotaSteps;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.converter.DataConverter;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A whole installation in this process: an own database, Temporal's in-process server, the control worker, and four
 * simulated hosts with a worker each. {@link #UNSERVED} is a host whose agent is away.
 *
 * <p>Made once for a test class; {@link #reset} makes it as new for each test. Hosts exist once they are registered.
 */
public final class Installation implements AutoCloseable {

    /** Its worker is never started. */
    public static final String UNSERVED = "host-away";

    public static final WorkerSettings SETTINGS = new WorkerSettings(16, 16, Duration.ofSeconds(5));

    private static final int MOST_TRUNCATES = 20;

    private static final Set<String> SERVED = Set.of("host-1", "host-2", "host-3", "host-4");

    private record Engine(SimulatedDriver driver, EngineFaults faults) {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({DatabaseConfiguration.class, EnvironmentActivitiesConfiguration.class})
    static class Application {}

    private final StepFaults faults = new StepFaults();
    private final ConfigurableApplicationContext application;
    private final TestWorkflowEnvironment temporal;
    private final Operations operations;
    private final Map<String, Engine> engines = new TreeMap<>();
    private final Map<String, HostWorker> hostWorkers = new LinkedHashMap<>();
    private WorkflowClient client;
    private ControlWorker control;
    private QueueDispatcher dispatcher;
    private long user;

    public Installation() {
        this(TestEnvironmentOptions.newBuilder().setUseTimeskipping(true));
    }

    /** One on a Temporal server that knows the search attributes, and that nobody else uses. */
    public static Installation on(TemporalServer server) {
        return new Installation(
                TestEnvironmentOptions.newBuilder().setUseExternalService(true).setTarget(server.target()));
    }

    /**
     * One whose time is real: where workflows wait with timers that are cancelled, the in-process server would skip on and
     * on, for centuries.
     */
    public static Installation inRealTime() {
        return new Installation(TestEnvironmentOptions.newBuilder().setUseTimeskipping(false));
    }

    private Installation(TestEnvironmentOptions.Builder options) {
        var database = TestDatabase.create();
        application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of(
                        "spring.datasource.url", database.url(),
                        "spring.datasource.username", database.username(),
                        "spring.datasource.password", database.password(),
                        "spring.datasource.hikari.maximum-pool-size", "24",
                        "remotegpu.installation.key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="))
                .run();
        SearchAttributes.all()
                .forEach(key ->
                        options.registerSearchAttribute(key.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
        temporal = TestWorkflowEnvironment.newInstance(options.build());
        client = temporal.getWorkflowClient();
        operations = new Operations(this::client);
        SERVED.forEach(hostId -> {
            var engineFaults = new EngineFaults();
            var driver = new SimulatedDriver(SimulatedDriverSettings.defaults(), engineFaults);
            engines.put(hostId, new Engine(driver, engineFaults));
            startHost(hostId);
        });
        control = startControl();
        dispatcher = startDispatcher();
    }

    /** Empty, with the user alice, and nothing that goes wrong. */
    public void reset() {
        faults.clear();
        operations.terminateAll();
        engines.values().forEach(engine -> {
            engine.faults().clear();
            engine.driver().list().forEach(engine.driver()::remove);
            engine.faults().clear();
        });
        truncate();
        jdbc().sql(TestDatabase.EMPTY_AUDIT_LOG).update();
        user = jdbc().sql("""
                        WITH alice AS (INSERT INTO users (username, email, password_hash)
                            VALUES ('alice', 'alice@example.com', 'x') RETURNING id)
                        INSERT INTO resource_quotas (user_id, cpu, memory, gpu, storage, environment_quota)
                        SELECT id, 1000, 1000 * (1::bigint << 30), 100, 1000 * (1::bigint << 30), 1000 FROM alice
                        RETURNING user_id""").query(Long.class).single();
    }

    /** The dispatcher of the queue, and steps of what was terminated, look at rows meanwhile: a deadlock has this one go again. */
    private void truncate() {
        for (int left = MOST_TRUNCATES; ; left--) {
            try {
                jdbc().sql(
                                "TRUNCATE users, hosts, environments, gpus, allocations, holding_log, gpu_use_log, reconciler_findings RESTART IDENTITY CASCADE")
                        .update();
                return;
            } catch (PessimisticLockingFailureException deadlock) {
                if (left == 0) {
                    throw deadlock;
                }
            }
        }
    }

    /** Registers an active simulated host of 64 cores and 256 GiB. */
    public void host(String id, int gpus) {
        host(id, 64, gpus);
    }

    public void host(String id, int cpu, int gpus) {
        var hosts = bean(Hosts.class);
        hosts.register(new NewHost(
                id,
                id,
                "127.0.0.1",
                null,
                Set.of(DeploymentMode.SIMULATED),
                cpu,
                256 * Specs.GIB,
                22000,
                22099,
                null,
                null));
        hosts.activate(id);
        for (int index = 0; index < gpus; index++) {
            bean(Gpus.class).register(new NewGpu(id, index, id + "-gpu-" + index, "Simulated H100", 80 * Specs.GIB, 0));
        }
    }

    /** What goes wrong around steps. */
    public StepFaults faults() {
        return faults;
    }

    /** What goes wrong in a host's engine. */
    public ScriptedFaults engineFaults(String hostId) {
        return engine(hostId).faults().script();
    }

    /** From now on nothing goes wrong in a host's engine. */
    public void healEngine(String hostId) {
        engine(hostId).faults().clear();
    }

    public SimulatedDriver driver(String hostId) {
        return engine(hostId).driver();
    }

    public Operations operations() {
        return operations;
    }

    /** The id of alice. */
    public long user() {
        return user;
    }

    public WorkflowClient client() {
        return client;
    }

    public JdbcClient jdbc() {
        return bean(JdbcClient.class);
    }

    public <T> T bean(Class<T> type) {
        return application.getBean(type);
    }

    /** The database steps and one host's engine steps as a worker has them, with the faults around them. */
    public <T> T steps(Class<T> type) {
        return faults.around(type, bean(type));
    }

    public EngineSteps engineSteps(String hostId) {
        return engineSteps(drivers(hostId));
    }

    private Drivers drivers(String hostId) {
        return new Drivers(Map.of(DeploymentMode.SIMULATED, driver(hostId)));
    }

    private EngineSteps engineSteps(Drivers drivers) {
        return faults.around(
                EngineSteps.class,
                new EngineActivities(
                        drivers,
                        new StoredCredentials(bean(DeploymentInputs.class)),
                        storedLogs(),
                        new Readiness(SETTINGS.readyTimeout())));
    }

    private StoredLogs storedLogs() {
        return new StoredLogs(bean(KeptLogs.class), bean(LogStreams.class), bean(StepEvents.class));
    }

    public Environment environment(UUID id) {
        return bean(EnvironmentRepository.class).findById(id).orElseThrow();
    }

    public boolean exists(UUID id) {
        return bean(EnvironmentRepository.class).findById(id).isPresent();
    }

    public Holdings holdings(UUID id) {
        return Holdings.of(jdbc(), id);
    }

    /** What the engines have, and what of it runs with which devices and ports, by host. */
    public Map<String, Map<UUID, String>> engines() {
        var all = new TreeMap<String, Map<UUID, String>>();
        engines.forEach((host, engine) -> {
            var here = new TreeMap<UUID, String>();
            for (UUID id : engine.driver().list()) {
                var running = engine.driver().running(id);
                here.put(
                        id,
                        running.map(made -> made.gpus() + " " + made.ports()).orElse("data only"));
            }
            all.put(host, here);
        });
        return all;
    }

    /** Checks what must be true whenever no operation is under way: of the rows, and of the engines against the rows. */
    public void assertSound() {
        Soundness.check(
                bean(Invariants.class),
                jdbc(),
                engines.keySet().stream()
                        .collect(TreeMap::new, (drivers, host) -> drivers.put(host, driver(host)), TreeMap::putAll));
    }

    private ControlWorker startControl() {
        var worker = new ControlWorker(
                client,
                steps(AdmissionSteps.class),
                steps(EnvironmentRecords.class),
                steps(QuotaSteps.class),
                steps(AllocationSteps.class),
                steps(PortSteps.class),
                SETTINGS);
        worker.start();
        return worker;
    }

    private QueueDispatcher startDispatcher() {
        var started = new QueueDispatcher(client, bean(CapacityQueue.class), bean(Channels.class));
        started.start();
        return started;
    }

    /** Ends all workers, and starts them again as processes that write and read payloads that way. */
    public void restartWith(DataConverter payloads) {
        restartOver(with(payloads));
    }

    /** Ends all workers, and starts them again as processes with that connection. */
    public void restartOver(WorkflowClient another) {
        stopWorkers();
        client = another;
        SERVED.forEach(this::startHost);
        control = startControl();
        dispatcher = startDispatcher();
    }

    /** Ends a host's worker, and starts it again as a process that reads payloads that way, unlike the others. */
    public void restartHostWith(String hostId, DataConverter payloads) {
        crashHost(hostId);
        startHost(hostId, with(payloads));
    }

    private WorkflowClient with(DataConverter payloads) {
        return WorkflowClient.newInstance(
                client.getWorkflowServiceStubs(),
                WorkflowClientOptions.newBuilder(client.getOptions())
                        .setDataConverter(payloads)
                        .build());
    }

    public void startHost(String hostId) {
        startHost(hostId, client);
    }

    private void startHost(String hostId, WorkflowClient client) {
        var drivers = drivers(hostId);
        var worker = new HostWorker(
                client,
                hostId,
                SETTINGS,
                engineSteps(drivers),
                new EngineSweep(drivers, null),
                new ActivitySampler(drivers),
                new LogFollower(drivers, storedLogs()));
        worker.start();
        hostWorkers.put(hostId, worker);
    }

    /** Ends a host's worker at once, whatever it is doing; its engine keeps what it has. */
    public void crashHost(String hostId) {
        Objects.requireNonNull(hostWorkers.remove(hostId)).close();
    }

    @Override
    public void close() {
        faults.clear();
        operations.terminateAll();
        stopWorkers();
        temporal.close();
        application.close();
    }

    private void stopWorkers() {
        try (var together = Executors.newVirtualThreadPerTaskExecutor()) {
            hostWorkers.values().forEach(worker -> together.execute(worker::close));
            together.execute(control::stop);
            together.execute(dispatcher::stop);
        }
        hostWorkers.clear();
    }

    private Engine engine(String hostId) {
        return Objects.requireNonNull(engines.get(hostId), hostId);
    }
}
