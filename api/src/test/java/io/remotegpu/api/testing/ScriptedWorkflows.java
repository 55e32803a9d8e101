package io.remotegpu.api.testing;

import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.environment.Admission;
import io.remotegpu.workflows.environment.CaptureLog;
import io.remotegpu.workflows.environment.CreateEnvironment;
import io.remotegpu.workflows.environment.CreateRequest;
import io.remotegpu.workflows.environment.DeleteEnvironment;
import io.remotegpu.workflows.environment.FollowLogs;
import io.remotegpu.workflows.environment.LogRequest;
import io.remotegpu.workflows.environment.OperationProgress;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.environment.Refusal;
import io.remotegpu.workflows.environment.StartEnvironment;
import io.remotegpu.workflows.environment.StopEnvironment;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The operations' interfaces as the API sees them: admitted or refused at once, carried out later. */
public final class ScriptedWorkflows {

    private abstract static class Operation {

        final ScriptedSteps steps = Workflow.newActivityStub(
                ScriptedSteps.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofMinutes(1))
                        .setHeartbeatTimeout(Duration.ofSeconds(10))
                        .setCancellationType(ActivityCancellationType.TRY_CANCEL)
                        .build());
        final String run = Workflow.getInfo().getRunId();

        Operation() {
            Workflow.registerListener(new ScriptedHand(run, this::giveUp));
        }

        private boolean decided;
        private @Nullable ApplicationFailure refused;

        /** What an abort does. */
        void giveUp() {}

        /** Whether it was admitted. */
        boolean decide(Runnable admission) {
            try {
                admission.run();
            } catch (ActivityFailure failure) {
                refused = failure.getCause() instanceof ApplicationFailure application
                        ? application
                        : ApplicationFailure.newNonRetryableFailure("cancelled", "cancelled");
            }
            decided = true;
            if (refused != null) {
                Workflow.await(Workflow::isEveryHandlerFinished);
            }
            return refused == null;
        }

        Admission admission(UUID id) {
            Workflow.await(() -> decided);
            if (refused != null) {
                throw refused;
            }
            return new Admission(id);
        }

        public OperationProgress progress() {
            return new OperationProgress("scripted", List.of(), false);
        }
    }

    public static final class Create extends Operation implements CreateEnvironment {

        private final UUID id;
        private final CreateRequest request;
        private @Nullable CancellationScope scope;
        private @Nullable OperationRequest deletion;

        @WorkflowInit
        public Create(CreateRequest request) {
            this.request = request;
            this.id = request.id();
        }

        @Override
        public void create(CreateRequest same) {
            if (!decide(() -> steps.admitCreate(run, request))) {
                return;
            }
            scope = Workflow.newCancellationScope(() -> steps.carryOut(run, id, OperationKind.CREATE));
            try {
                scope.run();
            } catch (ActivityFailure | CanceledFailure cancelled) {
                Workflow.newDetachedCancellationScope(() -> steps.rollBack(run, id))
                        .run();
            }
            Workflow.await(Workflow::isEveryHandlerFinished);
            if (deletion != null) {
                Workflow.continueAsNew(DeleteEnvironment.class.getSimpleName(), null, deletion);
            }
        }

        @Override
        void giveUp() {
            if (scope != null) {
                scope.cancel("aborted");
            }
        }

        @Override
        public Admission admit() {
            return admission(id);
        }

        @Override
        public void wake() {
            // Nothing here waits for that.
        }

        @Override
        public Admission delete(OperationRequest by) {
            deletion = by;
            if (scope != null) {
                scope.cancel("deleted");
            }
            return new Admission(id);
        }
    }

    public static final class Start extends Operation implements StartEnvironment {

        private final OperationRequest request;
        private @Nullable CancellationScope scope;
        private @Nullable OperationRequest deletion;

        @WorkflowInit
        public Start(OperationRequest request) {
            this.request = request;
        }

        @Override
        public void start(OperationRequest same) {
            if (decide(() -> steps.admit(run, request, OperationKind.START))) {
                scope = Workflow.newCancellationScope(() -> steps.carryOut(run, request.id(), OperationKind.START));
                try {
                    scope.run();
                } catch (ActivityFailure | CanceledFailure cancelled) {
                    Workflow.newDetachedCancellationScope(() -> steps.stopWaiting(run, request.id()))
                            .run();
                }
                Workflow.await(Workflow::isEveryHandlerFinished);
                if (deletion != null) {
                    Workflow.continueAsNew(DeleteEnvironment.class.getSimpleName(), null, deletion);
                }
            }
        }

        @Override
        public Admission stopWaiting(OperationRequest by) {
            if (request.waitAtMost() == null || scope == null) {
                throw ApplicationFailure.newNonRetryableFailure("it does not wait", Refusal.INVALID_STATE.name());
            }
            scope.cancel("stopped");
            return new Admission(request.id());
        }

        @Override
        public Admission delete(OperationRequest by) {
            deletion = by;
            return stopWaiting(by);
        }

        @Override
        public void wake() {
            // Nothing here waits for that.
        }

        @Override
        public Admission admit() {
            return admission(request.id());
        }
    }

    public static final class Stop extends Operation implements StopEnvironment {

        private final OperationRequest request;

        @WorkflowInit
        public Stop(OperationRequest request) {
            this.request = request;
        }

        @Override
        public void stop(OperationRequest same) {
            if (decide(() -> steps.admit(run, request, OperationKind.STOP))) {
                steps.carryOut(run, request.id(), OperationKind.STOP);
            }
        }

        @Override
        public Admission admit() {
            return admission(request.id());
        }
    }

    public static final class Delete extends Operation implements DeleteEnvironment {

        private final OperationRequest request;

        @WorkflowInit
        public Delete(OperationRequest request) {
            this.request = request;
        }

        @Override
        public void run(OperationRequest same) {
            if (decide(() -> steps.admit(run, request, OperationKind.DELETE))) {
                steps.carryOut(run, request.id(), OperationKind.DELETE);
                Workflow.await(Workflow::isEveryHandlerFinished);
            }
        }

        @Override
        public Admission delete(OperationRequest by) {
            return admission(request.id());
        }
    }

    public static final class Log implements CaptureLog {

        @Override
        public void capture(LogRequest request) {
            Workflow.newActivityStub(
                            ScriptedSteps.class,
                            ActivityOptions.newBuilder()
                                    .setStartToCloseTimeout(Duration.ofMinutes(1))
                                    .build())
                    .captureLog(request.id());
        }
    }

    /** A test that is about it plays the host itself. */
    public static final class Follow implements FollowLogs {

        @Override
        public void follow(String hostId) {}
    }

    private ScriptedWorkflows() {}
}
