package io.remotegpu.api.testing;

import io.remotegpu.db.allocation.Allocations;
import io.remotegpu.db.allocation.CapacityQueue;
import io.remotegpu.db.allocation.NoCapacityException;
import io.remotegpu.db.environment.EnvironmentLifecycle;
import io.remotegpu.db.environment.InvalidStateException;
import io.remotegpu.db.environment.KeptLogs;
import io.remotegpu.db.environment.NameTakenException;
import io.remotegpu.db.environment.NewEnvironment;
import io.remotegpu.db.port.PortLeases;
import io.remotegpu.db.quota.QuotaExceededException;
import io.remotegpu.db.quota.Reservations;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.drivers.spi.Timetable;
import io.remotegpu.workflows.environment.CreateRequest;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.environment.Refusal;
import io.remotegpu.workflows.environment.Shortage;
import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The steps on real rows, with the engine left out. */
final class ScriptedStepsImpl implements ScriptedSteps {

    private final EnvironmentLifecycle lifecycle;
    private final Reservations reservations;
    private final Allocations allocations;
    private final PortLeases ports;
    private final KeptLogs logs;
    private final CapacityQueue queue;

    ScriptedStepsImpl(ApiServer server) {
        this.lifecycle = server.bean(EnvironmentLifecycle.class);
        this.reservations = server.bean(Reservations.class);
        this.allocations = server.bean(Allocations.class);
        this.ports = server.bean(PortLeases.class);
        this.queue = server.bean(CapacityQueue.class);
        this.logs = server.bean(KeptLogs.class);
    }

    @Override
    public void admitCreate(String run, CreateRequest request) {
        var id = request.id();
        try {
            lifecycle.create(new NewEnvironment(
                    id,
                    request.userId(),
                    request.username(),
                    run,
                    request.spec(),
                    request.requestFingerprint(),
                    Objects.requireNonNullElse(request.timetable(), Timetable.NONE)));
            reservations.reserve(id);
            allocations.allocate(id, Set.of());
            ports.lease(id);
        } catch (NameTakenException taken) {
            throw refusal(Refusal.NAME_TAKEN, taken);
        } catch (QuotaExceededException exceeded) {
            lifecycle.withdraw(id, run);
            throw ApplicationFailure.newNonRetryableFailure(
                    String.valueOf(exceeded.getMessage()),
                    Refusal.QUOTA_EXCEEDED.name(),
                    exceeded.excesses().stream()
                            .map(excess -> new Shortage(excess.field(), excess.message()))
                            .toList());
        } catch (NoCapacityException full) {
            var atMost = request.waitAtMost();
            if (atMost != null) {
                queue.join(id, run, atMost);
                return;
            }
            reservations.release(id);
            lifecycle.withdraw(id, run);
            throw refusal(Refusal.NO_CAPACITY, full);
        }
    }

    @Override
    public void admit(String run, OperationRequest request, OperationKind kind) {
        try {
            lifecycle.begin(
                    request.id(), run, kind, request.requestedBy(), request.reason(), request.gpu(), request.moment());
            var atMost = request.waitAtMost();
            if (atMost != null) {
                reservations.reserveCompute(request.id());
                queue.join(request.id(), run, atMost);
            }
        } catch (InvalidStateException invalid) {
            throw refusal(Refusal.INVALID_STATE, invalid);
        }
    }

    @Override
    public void carryOut(String run, UUID id, OperationKind kind) {
        waitFor(Script.latch());
        switch (kind) {
            case CREATE -> {
                queue.leave(id, run);
                lifecycle.enter(id, run, "deploy");
                lifecycle.succeed(id, run, EnvironmentStatus.RUNNING);
            }
            case START -> {
                reservations.reserveCompute(id);
                allocations.allocate(id, Set.of());
                ports.lease(id);
                lifecycle.succeed(id, run, EnvironmentStatus.RUNNING);
            }
            case STOP -> {
                allocations.release(id);
                reservations.releaseCompute(id);
                lifecycle.succeed(id, run, EnvironmentStatus.STOPPED);
            }
            case DELETE -> {
                giveBack(id);
                lifecycle.succeed(id, run, EnvironmentStatus.DELETED);
            }
        }
        waitFor(Script.lingering());
    }

    @Override
    public void rollBack(String run, UUID id) {
        lifecycle.fail(id, run, "cancelled", "deleted while it was created", List.of());
        giveBack(id);
        lifecycle.settle(id, run);
    }

    @Override
    public void stopWaiting(String run, UUID id) {
        queue.leave(id, run);
        reservations.releaseCompute(id);
        lifecycle.abandonWait(id, run, null, "stopped while it waited");
    }

    @Override
    public void captureLog(UUID id) {
        var refusal = Script.logRefusal();
        if (refusal != null) {
            throw ApplicationFailure.newNonRetryableFailure("the script says " + refusal, refusal);
        }
        logs.keep(id, Script.log());
    }

    private void giveBack(UUID id) {
        ports.release(id);
        allocations.release(id);
        reservations.release(id);
    }

    private static void waitFor(@Nullable CountDownLatch latch) {
        try {
            while (latch != null && !latch.await(50, TimeUnit.MILLISECONDS)) {
                Activity.getExecutionContext().heartbeat(null);
            }
        } catch (InterruptedException e) {
            throw Activity.wrap(e);
        }
    }

    private static ApplicationFailure refusal(Refusal refusal, RuntimeException why) {
        return ApplicationFailure.newNonRetryableFailure(String.valueOf(why.getMessage()), refusal.name());
    }
}
