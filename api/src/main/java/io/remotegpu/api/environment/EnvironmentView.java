package io.remotegpu.api.environment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.remotegpu.db.allocation.QueuePlace;
import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.Operation;
import io.remotegpu.db.gpu.Gpu;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.Timetable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An environment as answers show it. */
@Schema(name = "Environment")
record EnvironmentView(
        UUID id,
        long userId,
        @Schema(example = "train-1") String name,

        @Schema(allowableValues = {"ide", "terminal", "desktop", "training"})
        String environmentType,

        @Schema(allowableValues = {"docker", "k8s", "vm", "simulated"})
        String deploymentMode,

        @Schema(description = "Whether it exists in memory only, for trying out")
        boolean simulated,

        @Schema(
                allowableValues = {
                    "queued",
                    "creating",
                    "running",
                    "stopping",
                    "stopped",
                    "starting",
                    "deleting",
                    "deleted",
                    "failed"
                })
        String status,

        String image,
        int cpu,
        @Schema(description = "Bytes") long memory,

        @Schema(description = "What it has, unless a start asks for fewer")
        int gpu,

        @Schema(description = "What its run asks for, or its last one did")
        int runGpu,

        @Schema(description = "Bytes") long storage,
        Map<String, String> env,
        @Nullable String gpuModel,
        @Schema(description = "Bytes") @Nullable Long gpuMemoryMin,

        @Schema(description = "The only host it may be on, if one was asked for") @Nullable
        String requestedHostId,

        @Schema(description = "ISO 8601", example = "PT2H") @Nullable
        String idleTimeout,

        @Schema(
                description = "How long its run lasts at most, ISO 8601; the installation's limit holds besides",
                example = "PT12H")
        @Nullable
        String maxLifetime,

        @Schema(
                description =
                        "When its run is stopped because it lasted for its time; null where nothing limits it, when it is protected,"
                                + " and while it does not run",
                example = "2026-11-24T20:00:00Z")
        @Nullable
        Instant lifetimeEndsAt,

        @Schema(description = "When it is stopped and started by itself") @Nullable
        ScheduleView schedule,

        @Schema(
                description =
                        "When it is deleted with its data because it was stopped for long; null where nothing is, when it is"
                                + " protected, and while it is not stopped",
                example = "2027-02-22T20:00:00Z")
        @Nullable
        Instant deletesAt,

        int priority,

        @Schema(description = "Until when it was asked to be kept running, however idle it looks") @Nullable
        Instant extendedUntil,

        @JsonProperty("protected")
        @Schema(name = "protected", description = "An admin's word: it is never stopped by itself")
        boolean isProtected,

        @Schema(description = "Why it was stopped, where nobody asked for it") @Nullable
        String stopReason,

        @Schema(description = "Where it runs, or last ran", example = "host-001") @Nullable
        String hostId,

        @Schema(description = "What it holds now") List<HeldGpu> gpus,

        @Schema(description = "The newest operation; its outcome is null while it is under way") @Nullable
        OperationView operation,

        @Schema(description = "Where it stands while it is queued") @Nullable
        QueueView queue,

        @Schema(description = "Why the last operation failed") @Nullable
        Failure failure,

        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant startedAt,
        @Nullable Instant stoppedAt,
        @Nullable Instant deletedAt) {

    @Schema(name = "HeldGpu")
    record HeldGpu(
            long id,
            int gpuIndex,
            @Nullable String uuid,
            String model,
            @Schema(description = "Bytes") long memory) {}

    @Schema(name = "Operation")
    record OperationView(
            @Schema(description = "Temporal's run id") String id,

            @Schema(allowableValues = {"create", "start", "stop", "delete"})
            String kind,

            @Schema(example = "deploy") String step,

            @Schema(allowableValues = {"succeeded", "failed"}) @Nullable
            String outcome,

            String requestedBy,
            Instant startedAt,
            @Nullable Instant endedAt,

            @Schema(description = "Whether it gives back what it took, because it failed or was aborted")
            boolean compensating,

            @Schema(description = "Since when it gives back, or gave back") @Nullable
            Instant compensatingSince,

            @Schema(description = "How its engine step is doing; only of one environment, after a few seconds")
            @Nullable
            EngineStepView engineStep) {

        static OperationView of(Operation operation, @Nullable EngineStepView engineStep) {
            var outcome = operation.outcome();
            return new OperationView(
                    operation.id(),
                    operation.kind().wireName(),
                    operation.step(),
                    outcome == null ? null : outcome.wireName(),
                    operation.requestedBy(),
                    operation.startedAt(),
                    operation.endedAt(),
                    operation.compensating(),
                    operation.compensatingSince(),
                    engineStep);
        }
    }

    @Schema(name = "QueuePlace")
    record QueueView(
            @Schema(description = "1 is next; who comes first may change with who holds how many GPUs", example = "2")
            int position,

            @Schema(description = "How many wait in all", example = "5")
            int waiting,

            @Schema(
                    description = "What is missing for it",
                    example = "no active host that offers docker has 4 free GPUs; the most on one host is 1")
            String reason,

            Instant since,
            @Schema(description = "When it gives up") Instant deadline) {

        static QueueView of(QueuePlace place) {
            return new QueueView(place.position(), place.waiting(), place.reason(), place.since(), place.deadline());
        }
    }

    @Schema(name = "Failure")
    record Failure(
            @Schema(example = "image_not_found") @Nullable String code,
            String reason,

            @Schema(description = "What could not yet be given back")
            List<String> unreturned) {}

    static EnvironmentView of(
            Environment environment,
            List<Gpu> gpus,
            @Nullable Operation operation,
            @Nullable EngineStepView engineStep,
            @Nullable QueuePlace place,
            Timetable timetable,
            @Nullable Instant end) {
        var lifetime = timetable.maxLifetime();
        var idle = environment.idleTimeoutSeconds();
        var reason = environment.failureReason();
        return new EnvironmentView(
                environment.id(),
                environment.userId(),
                environment.name(),
                environment.environmentType().wireName(),
                environment.deploymentMode().wireName(),
                environment.deploymentMode() == DeploymentMode.SIMULATED,
                environment.status().wireName(),
                environment.image(),
                environment.cpu(),
                environment.memory(),
                environment.fullGpu(),
                environment.gpu(),
                environment.storage(),
                environment.env().values(),
                environment.gpuModel(),
                environment.gpuMemoryMin(),
                environment.requestedHostId(),
                idle == null ? null : Duration.ofSeconds(idle).toString(),
                lifetime == null ? null : lifetime.toString(),
                environment.status() == EnvironmentStatus.RUNNING ? end : null,
                ScheduleView.of(timetable),
                environment.status() == EnvironmentStatus.STOPPED ? end : null,
                environment.priority(),
                environment.extendedUntil(),
                environment.isProtected(),
                environment.stopReason(),
                environment.hostId(),
                gpus.stream()
                        .map(gpu -> new HeldGpu(gpu.id(), gpu.gpuIndex(), gpu.uuid(), gpu.model(), gpu.memory()))
                        .toList(),
                operation == null ? null : OperationView.of(operation, engineStep),
                place == null ? null : QueueView.of(place),
                reason == null ? null : new Failure(environment.failureCode(), reason, environment.unreturned()),
                environment.createdAt(),
                environment.updatedAt(),
                environment.startedAt(),
                environment.stoppedAt(),
                environment.deletedAt());
    }
}
