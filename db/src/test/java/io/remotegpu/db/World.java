package io.remotegpu.db;

import io.remotegpu.db.allocation.Allocations;
import io.remotegpu.db.allocation.CapacityQueue;
import io.remotegpu.db.allocation.NoCapacityException;
import io.remotegpu.db.environment.EnvironmentLifecycle;
import io.remotegpu.db.environment.EnvironmentNotFoundException;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.HostLosses;
import io.remotegpu.db.environment.InvalidStateException;
import io.remotegpu.db.environment.NameTakenException;
import io.remotegpu.db.environment.NewEnvironment;
import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.db.gpu.Gpus;
import io.remotegpu.db.gpu.NewGpu;
import io.remotegpu.db.host.Capacity;
import io.remotegpu.db.host.HostStatusException;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.db.host.NewHost;
import io.remotegpu.db.port.NoPortException;
import io.remotegpu.db.port.PortLeases;
import io.remotegpu.db.quota.QuotaExceededException;
import io.remotegpu.db.quota.Reservations;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Two users, two small hosts and a few environments, each with at most one operation that goes on step by step as its workflow
 * would: any step may be done twice, or be the one at which it fails; steps of different environments come in any order.
 */
final class World {

    /** What can happen next. */
    enum Event {
        CREATE,
        CREATE_OR_WAIT,
        START,
        START_OR_WAIT,
        STOP,
        DELETE,
        STEP,
        STEP_TWICE,
        STEP_THEN_FAIL,
        /** All that are left, one after the other. */
        FINISH,
        LATE_STEP,
        DISPATCH,
        DRAIN,
        ACTIVATE,
        QUARANTINE,
        HEARTBEAT,
        LOSE,
        SETTLE_AND_SWEEP,
        GPU_ERROR,
        GPU_WELL,
        QUOTA
    }

    private static final long GIB = 1L << 30;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int PLACES = 5;
    private static final List<String> HOSTS = List.of("host-1", "host-2");
    private static final Capacity CAPACITY =
            new Capacity(4, 8 * GIB, Set.of(DeploymentMode.DOCKER), Map.of(), List.of());

    /** An environment, and what its operation still has to do. */
    private static final class Place {
        private UUID id = new UUID(0, 0);
        private String operation = "";
        private OperationKind kind = OperationKind.DELETE;
        private boolean admitted;
        private final Deque<Runnable> steps = new ArrayDeque<>();
    }

    private final JdbcClient jdbc;
    private final EnvironmentLifecycle lifecycle;
    private final EnvironmentRepository environments;
    private final Reservations reservations;
    private final Allocations allocations;
    private final PortLeases ports;
    private final CapacityQueue queue;
    private final Hosts hosts;
    private final HostLosses losses;
    private final Gpus gpus;
    private final List<Long> users = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private boolean lostBeneathWhatRuns;
    private boolean waited;

    World(ApplicationContext context) {
        jdbc = context.getBean(JdbcClient.class);
        lifecycle = context.getBean(EnvironmentLifecycle.class);
        environments = context.getBean(EnvironmentRepository.class);
        reservations = context.getBean(Reservations.class);
        allocations = context.getBean(Allocations.class);
        ports = context.getBean(PortLeases.class);
        queue = context.getBean(CapacityQueue.class);
        hosts = context.getBean(Hosts.class);
        losses = context.getBean(HostLosses.class);
        gpus = context.getBean(Gpus.class);
        jdbc.sql("TRUNCATE users, hosts, environments, gpus, allocations, holding_log, gpu_use_log CASCADE")
                .update();
        for (var name : List.of("ann", "bob")) {
            users.add(jdbc.sql("INSERT INTO users (username, email, password_hash) VALUES (?, ?, 'x') RETURNING id")
                    .params(name, name + "@example.com")
                    .query(Long.class)
                    .single());
        }
        for (var host : HOSTS) {
            // Room for four at most, and ports for two of them.
            hosts.register(new NewHost(
                    host, host, "10.0.0.1", null, Set.of(DeploymentMode.DOCKER), 4, 8 * GIB, 22000, 22001, null, null));
            hosts.activate(host);
            for (int index = 0; index < 3; index++) {
                gpus.register(new NewGpu(host, index, host + "-" + index, "H100", 80 * GIB, 0));
            }
        }
        for (int i = 0; i < PLACES; i++) {
            places.add(new Place());
        }
        // So that there is something to lose from the beginning.
        for (int i = 0; i < HOSTS.size(); i++) {
            happen(Event.CREATE, i, 1);
            happen(Event.FINISH, i, 0);
        }
    }

    /** Lets that happen, if it can; what is refused changes nothing. */
    void happen(Event event, int which, int amount) {
        var place = places.get(which % PLACES);
        var host = HOSTS.get(which % HOSTS.size());
        try {
            switch (event) {
                case CREATE -> create(place, which, amount % 3, false);
                case CREATE_OR_WAIT -> create(place, which, amount % 3, true);
                case START -> start(place, false);
                case START_OR_WAIT -> start(place, true);
                case STOP -> stop(place);
                case DELETE -> delete(place);
                case STEP -> step(place, false);
                case STEP_TWICE -> step(place, true);
                case STEP_THEN_FAIL -> {
                    step(place, false);
                    fail(place);
                }
                case FINISH -> finish(place);
                case LATE_STEP -> late(place, amount);
                case DISPATCH -> queue.dispatch();
                case DRAIN -> hosts.drain(host);
                case ACTIVATE -> hosts.activate(host);
                case QUARANTINE -> hosts.quarantine(host, "silent");
                case HEARTBEAT -> hosts.heartbeat(host, CAPACITY);
                case LOSE -> {
                    lostBeneathWhatRuns |= runs(host);
                    hosts.lost(host);
                    losses.settle(host);
                }
                case SETTLE_AND_SWEEP -> settleAndSweep(host);
                case GPU_ERROR -> gpus.setStatus(gpu(amount), GpuStatus.ERROR, "XID 79");
                case GPU_WELL -> gpus.setStatus(gpu(amount), GpuStatus.AVAILABLE, null);
                case QUOTA -> quota(users.get(which % users.size()), amount);
            }
        } catch (InvalidStateException
                | EnvironmentNotFoundException
                | NameTakenException
                | HostStatusException refused) {
            // As an operator's or a user's request is.
        }
    }

    /** Everything that is under way comes to its end, lost hosts are dealt with, and then all environments are deleted. */
    void comeToRestAndDeleteAll() {
        HOSTS.forEach(this::settleAndSweep);
        finishAll();
        HOSTS.forEach(this::settleAndSweep);
        for (var place : places) {
            delete(place);
        }
        finishAll();
        HOSTS.forEach(this::settleAndSweep);
    }

    /** Whether a host was declared lost while something ran there. */
    boolean lostBeneathWhatRuns() {
        return lostBeneathWhatRuns;
    }

    /** Whether somebody had to queue for room. */
    boolean waited() {
        return waited;
    }

    private boolean runs(String host) {
        return jdbc.sql("SELECT EXISTS (SELECT 1 FROM environments WHERE host_id = ? AND status = 'running')")
                .param(host)
                .query(Boolean.class)
                .single();
    }

    /** One that waits for room stays where it is. */
    private void finish(Place place) {
        for (int left = place.steps.size(); left > 0; left--) {
            step(place, false);
        }
    }

    private void finishAll() {
        for (var place : places) {
            for (int patience = 0; !place.steps.isEmpty(); patience++) {
                if (patience > 20) {
                    // It waits for room that nobody gives back.
                    fail(place);
                }
                step(place, false);
            }
        }
    }

    private void create(Place place, int which, int gpuCount, boolean waits) {
        if (!place.steps.isEmpty() || exists(place)) {
            return;
        }
        place.id = UUID.randomUUID();
        begin(place, OperationKind.CREATE);
        var user = users.get(which % users.size());
        var name = "e" + which % 3;
        lifecycle.create(
                new NewEnvironment(place.id, user, "tester", place.operation, Specs.terminal(name, gpuCount), null));
        place.steps.add(() -> reservations.reserve(place.id));
        bringUp(place, waits);
    }

    private void start(Place place, boolean waits) {
        if (!place.steps.isEmpty()) {
            return;
        }
        var before = place.operation;
        begin(place, OperationKind.START);
        try {
            lifecycle.begin(place.id, place.operation, OperationKind.START, "tester");
        } catch (InvalidStateException | EnvironmentNotFoundException refused) {
            place.operation = before;
            throw refused;
        }
        place.steps.add(() -> reservations.reserveCompute(place.id));
        bringUp(place, waits);
    }

    private void bringUp(Place place, boolean waits) {
        if (waits) {
            place.steps.add(() -> {
                var turn = queue.join(place.id, place.operation, HOUR);
                place.admitted = true;
                if (turn.allocation() == null) {
                    waited = true;
                    place.steps.addFirst(() -> await(place));
                }
            });
        } else {
            place.steps.add(() -> allocations.allocate(place.id, Set.of()));
        }
        place.steps.add(() -> ports.lease(place.id));
        place.steps.add(() -> {
            place.admitted = true;
            lifecycle.enter(place.id, place.operation, "deploy");
        });
        place.steps.add(() -> lifecycle.succeed(place.id, place.operation, EnvironmentStatus.RUNNING));
    }

    private void await(Place place) {
        if (queue.turn(place.id, place.operation).allocation() == null) {
            place.steps.addFirst(() -> await(place));
        }
    }

    private void stop(Place place) {
        if (!place.steps.isEmpty()) {
            return;
        }
        var operation = UUID.randomUUID().toString();
        lifecycle.begin(place.id, operation, OperationKind.STOP, "tester");
        begin(place, OperationKind.STOP, operation);
        place.steps.add(() -> lifecycle.enter(place.id, place.operation, "stop"));
        place.steps.add(() -> allocations.release(place.id));
        place.steps.add(() -> reservations.releaseCompute(place.id));
        place.steps.add(() -> lifecycle.succeed(place.id, place.operation, EnvironmentStatus.STOPPED));
    }

    private void delete(Place place) {
        if (!place.steps.isEmpty() || !exists(place)) {
            return;
        }
        var operation = UUID.randomUUID().toString();
        lifecycle.begin(place.id, operation, OperationKind.DELETE, "tester");
        begin(place, OperationKind.DELETE, operation);
        place.steps.add(() -> ports.release(place.id));
        place.steps.add(() -> allocations.release(place.id));
        place.steps.add(() -> reservations.release(place.id));
        place.steps.add(() -> lifecycle.succeed(place.id, place.operation, EnvironmentStatus.DELETED));
    }

    private static void begin(Place place, OperationKind kind) {
        begin(place, kind, UUID.randomUUID().toString());
    }

    private static void begin(Place place, OperationKind kind, String operation) {
        place.operation = operation;
        place.kind = kind;
        place.admitted = false;
    }

    private void step(Place place, boolean twice) {
        var step = place.steps.poll();
        if (step == null) {
            return;
        }
        try {
            step.run();
            if (twice) {
                var left = List.copyOf(place.steps);
                step.run();
                // What the second one would add is there already.
                place.steps.clear();
                place.steps.addAll(left);
            }
        } catch (QuotaExceededException
                | NoCapacityException
                | NoPortException
                | InvalidStateException
                | EnvironmentNotFoundException refused) {
            fail(place);
        }
    }

    /** Its undos are its steps from now on. What gives back is never given up. */
    private void fail(Place place) {
        if (place.kind == OperationKind.STOP || place.kind == OperationKind.DELETE || place.steps.isEmpty()) {
            return;
        }
        var id = place.id;
        var operation = place.operation;
        var create = place.kind == OperationKind.CREATE;
        var queued = environments
                .findById(id)
                .filter(found -> found.status() == EnvironmentStatus.QUEUED)
                .isPresent();
        place.steps.clear();
        if (create ? place.admitted : place.admitted && !queued) {
            place.steps.add(() -> lifecycle.fail(id, operation, "fault", "scripted", List.of("everything")));
        }
        if (queued) {
            place.steps.add(() -> queue.leave(id, operation));
        }
        if (create) {
            place.steps.add(() -> ports.release(id));
        }
        place.steps.add(() -> allocations.release(id));
        place.steps.add(() -> {
            if (create) {
                reservations.release(id);
            } else {
                reservations.releaseCompute(id);
            }
        });
        place.steps.add(() -> {
            if (place.admitted && !create && queued) {
                lifecycle.abandonWait(id, operation, "wait_timeout", "no room");
            } else if (place.admitted) {
                lifecycle.settle(id, operation);
            } else if (create) {
                lifecycle.withdraw(id, operation);
            } else {
                lifecycle.abandonStart(id, operation);
            }
        });
        // From here on it is an undo: it cannot fail any more.
        place.kind = OperationKind.DELETE;
    }

    /** From an attempt that was given up, when the operation is over: it takes nothing and changes nothing. */
    private void late(Place place, int which) {
        if (!place.steps.isEmpty()) {
            return;
        }
        switch (which % 6) {
            case 0 -> lifecycle.succeed(place.id, place.operation, EnvironmentStatus.RUNNING);
            case 1 -> lifecycle.enter(place.id, place.operation, "deploy");
            case 2 -> lifecycle.fail(place.id, place.operation, "late", "late", List.of("late"));
            case 3 -> lifecycle.withdraw(place.id, place.operation);
            case 4 -> lifecycle.abandonStart(place.id, place.operation);
            default -> queue.leave(place.id, place.operation);
        }
    }

    private void settleAndSweep(String host) {
        if (losses.isUnswept(host) && losses.settle(host).isEmpty()) {
            losses.swept(host, 0);
            hosts.activate(host);
            hosts.heartbeat(host, CAPACITY);
        }
    }

    private long gpu(int which) {
        var all = jdbc.sql("SELECT id FROM gpus ORDER BY id").query(Long.class).list();
        return all.get(which % all.size());
    }

    private void quota(long user, int amount) {
        jdbc.sql("""
                        INSERT INTO resource_quotas (user_id, cpu, memory, gpu, storage, environment_quota)
                        VALUES (:user, 64, :memory, :gpu, :memory, 20)
                        ON CONFLICT (user_id) DO UPDATE SET gpu = excluded.gpu""")
                .param("user", user)
                .param("memory", 1000 * GIB)
                .param("gpu", amount)
                .update();
    }

    private boolean exists(Place place) {
        return environments
                .findById(place.id)
                .filter(found -> found.status() != EnvironmentStatus.DELETED)
                .isPresent();
    }
}
