package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.GpuDevice;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Steps that only keep the {@link Ledger}; hosts are {@code h1}, {@code h2}, {@code h3}. */
final class FakeSteps {

    private static final List<String> HOSTS = List.of("h1", "h2", "h3");
    private static final List<GpuDevice> GPUS = List.of(new GpuDevice(0, "GPU-0", "NVIDIA H100", 80L << 30));

    private final Ledger ledger;
    private volatile EnvironmentSpec spec;
    private volatile String hostId = "h1";
    private volatile long deadline;
    private volatile int nextPort = 22000;
    private final LongSupplier clock;

    /** @param clock the milliseconds that the workflows see, for deadlines */
    FakeSteps(Ledger ledger, EnvironmentSpec spec, LongSupplier clock) {
        this.clock = clock;
        this.ledger = ledger;
        this.spec = spec;
    }

    Object[] database() {
        return new Object[] {new Admissions(), new Records(), new Quota(), new Allocations(), new Ports()};
    }

    private List<PortBinding> ports() {
        return List.of(new PortBinding(Service.SSH, "127.0.0.1", nextPort));
    }

    Object engine(String host) {
        return new Engine(host);
    }

    private final class Admissions implements AdmissionSteps {
        @Override
        public Admitted create(String operationId, CreateRequest request, String firstStep) {
            // Who would wait finds no room.
            var waits = request.waitAtMost() != null;
            var done = ledger.held().contains("record of another operation");
            ledger.call("admission.create", () -> {
                spec = request.spec();
                if (!done) {
                    List.of("record", "quota").forEach(ledger::hold);
                }
                if (!done && !waits) {
                    List.of("gpus", "ports").forEach(ledger::hold);
                }
            });
            hostId = HOSTS.getFirst();
            if (done) {
                return Admitted.doneBefore();
            }
            return waits ? Admitted.withoutRoom() : Admitted.placed(new Placement(hostId, GPUS), ports());
        }
    }

    private final class Records implements EnvironmentRecords {
        @Override
        public void withdraw(String operationId, UUID id) {
            ledger.call("records.withdraw", () -> {
                if (!ledger.held().contains("record of another operation")) {
                    List.of("record", "quota", "gpus", "ports").forEach(ledger::release);
                }
            });
        }

        @Override
        public EnvironmentFacts begin(String operationId, OperationKind kind, OperationRequest request) {
            ledger.call("records.begin " + kind.wireName(), () -> {});
            return new EnvironmentFacts("alice", spec, hostId);
        }

        @Override
        public void abandonStart(String operationId, UUID id) {
            ledger.call("records.abandonStart", () -> {});
        }

        @Override
        public EnvironmentStatus abandonWait(String operationId, UUID id, FailureReason reason) {
            ledger.call("records.abandonWait " + reason.code(), () -> {});
            return EnvironmentStatus.STOPPED;
        }

        @Override
        public void giveUp(String operationId, UUID id, FailureReason reason, List<String> unreturned) {
            ledger.call("records.giveUp " + reason.code() + " " + unreturned, () -> {});
        }

        @Override
        public void intervene(String operationId, UUID id, Intervention what) {
            ledger.call(
                    "records.intervene " + what.kind().wireName() + " " + what.step() + " on " + what.hostId() + " by "
                            + what.by(),
                    () -> {});
        }

        @Override
        public void enter(String operationId, UUID id, String step) {
            ledger.call("records.enter " + step, () -> {});
        }

        @Override
        public void succeed(String operationId, UUID id, EnvironmentStatus status) {
            ledger.call("records.succeed " + status.wireName(), () -> {
                if (status == EnvironmentStatus.DELETED) {
                    ledger.release("record");
                }
            });
        }

        @Override
        public void fail(String operationId, UUID id, FailureReason reason, List<String> unreturned) {
            ledger.call("records.fail " + reason.code() + " " + unreturned, () -> {});
        }

        @Override
        public void settle(String operationId, UUID id) {
            ledger.call("records.settle", () -> {});
        }
    }

    private final class Quota implements QuotaSteps {
        @Override
        public void reserveCompute(UUID id) {
            ledger.call("quota.reserveCompute", () -> ledger.hold("compute quota"));
        }

        @Override
        public void releaseCompute(UUID id) {
            ledger.call("quota.releaseCompute", () -> ledger.release("compute quota"));
        }

        @Override
        public void release(UUID id) {
            ledger.call("quota.release", () -> ledger.release("quota"));
        }
    }

    private final class Allocations implements AllocationSteps {
        @Override
        public Placement allocate(UUID id, Set<String> excludedHosts) {
            ledger.call("allocations.allocate without " + new TreeSet<>(excludedHosts), () -> ledger.hold("gpus"));
            hostId = HOSTS.stream()
                    .filter(host -> !excludedHosts.contains(host))
                    .findFirst()
                    .orElseThrow();
            return new Placement(hostId, GPUS);
        }

        @Override
        public Turn queue(String operationId, UUID id, Duration atMost) {
            ledger.call("allocations.queue", () -> ledger.hold("place in the queue"));
            deadline = clock.getAsLong() + atMost.toMillis();
            return turnNow();
        }

        @Override
        public Turn turn(String operationId, UUID id) {
            ledger.call("allocations.turn", () -> {});
            return turnNow();
        }

        private Turn turnNow() {
            if (ledger.held().contains("room")) {
                ledger.release("place in the queue");
                ledger.release("room");
                ledger.hold("gpus");
                return new Turn(new Placement(hostId, List.of()), null, null);
            }
            return new Turn(
                    null, new QueueProgress(2, 5, "no GPU is free"), Duration.ofMillis(deadline - clock.getAsLong()));
        }

        @Override
        public void leaveQueue(String operationId, UUID id) {
            ledger.call("allocations.leaveQueue", () -> ledger.release("place in the queue"));
        }

        @Override
        public void release(UUID id) {
            ledger.call("allocations.release", () -> ledger.release("gpus"));
        }
    }

    private final class Ports implements PortSteps {
        @Override
        public List<PortBinding> lease(UUID id) {
            ledger.call("ports.lease", () -> ledger.hold("ports"));
            return ports();
        }

        @Override
        public void setAside(UUID id, int port) {
            ledger.call("ports.setAside " + port, () -> nextPort = port + 1);
        }

        @Override
        public void release(UUID id) {
            ledger.call("ports.release", () -> ledger.release("ports"));
        }
    }

    private final class Engine implements EngineSteps {
        private final String host;

        Engine(String host) {
            this.host = host;
        }

        @Override
        public void deploy(DeployStep step) {
            ledger.call(
                    host + ".deploy at " + step.ports().getFirst().port(), () -> ledger.hold("container on " + host));
        }

        @Override
        public void stop(UUID id, DeploymentMode mode, Duration grace) {
            ledger.call(host + ".stop", () -> ledger.release("container on " + host));
        }

        @Override
        public void remove(UUID id, DeploymentMode mode) {
            ledger.call(host + ".remove", () -> ledger.release("container on " + host));
        }

        @Override
        public void captureLog(UUID id, DeploymentMode mode) {
            ledger.call(host + ".captureLog", () -> {});
        }
    }
}
