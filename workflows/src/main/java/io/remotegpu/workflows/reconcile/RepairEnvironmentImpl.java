package io.remotegpu.workflows.reconcile;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.SearchAttributes;
import io.remotegpu.workflows.StepCalls;
import io.remotegpu.workflows.environment.FailureReason;
import io.remotegpu.workflows.environment.OperationRequest;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Public for the SDK, which constructs it; nobody else may. */
public final class RepairEnvironmentImpl implements RepairEnvironment {

    private static final String BY = "the reconciler";

    /** Why an environment failed whose compute ended behind our back. */
    static final String ENDED = "ended";

    /** Why an operation failed whose workflow is gone. */
    static final String WORKFLOW_LOST = "workflow_lost";

    private final Repair repair;
    private final UUID id;
    private final String operationId = Workflow.getInfo().getOriginalExecutionRunId();

    @WorkflowInit
    public RepairEnvironmentImpl(Repair repair) {
        this.repair = repair;
        this.id = repair.environmentId();
    }

    @Override
    public boolean repair(Repair sameRepair) {
        Workflow.upsertTypedSearchAttributes(SearchAttributes.ENVIRONMENT_ID.valueSet(id.toString()));
        var errand = RepairCalls.steps("look whether it is still so").confirm(repair);
        if (errand == null) {
            return false;
        }
        try {
            var how = switch (repair.kind()) {
                case SETTLE -> settle(errand);
                case REST -> rest(errand);
                case SWEEP -> sweep(errand);
                case QUIET -> quiet(errand);
                case FINISH -> finish(errand, Objects.requireNonNull(errand.operation()));
            };
            RepairCalls.steps("say what was done").repaired(repair, how);
            return true;
        } catch (ActivityFailure notNow) {
            RepairCalls.steps("leave it to a later pass")
                    .postponed(repair, FailureReason.of(notNow).message());
            return false;
        }
    }

    private String settle(Errand errand) {
        var host = Objects.requireNonNull(errand.hostId());
        var now = RepairCalls.look(host).observe(id, errand.mode());
        if (now.state() == Observation.State.RUNNING || now.state() == Observation.State.STARTING) {
            return "nothing: it runs again";
        }
        // A stop, so that what may come back by itself (a restart policy) is down before its GPUs go to others.
        RepairCalls.records("mark it for a stop").begin(operationId, OperationKind.STOP, new OperationRequest(id, BY));
        RepairCalls.records("begin step 'stop'").enter(operationId, id, "stop");
        RepairCalls.persistently(host, "stop what is left").stop(id, errand.mode(), StepCalls.GRACE);
        RepairCalls.records("begin step 'release'").enter(operationId, id, "release");
        giveComputeBack();
        RepairCalls.records("say that it ended, and why")
                .fail(operationId, id, new FailureReason(ENDED, repair.reason()), List.of());
        show(EnvironmentStatus.FAILED);
        return "it is failed, with that reason; its compute was given back, its data and ports kept";
    }

    private String rest(Errand errand) {
        if (errand.hostId() != null) {
            RepairCalls.soon(errand.hostId(), "stop what is left").stop(id, errand.mode(), StepCalls.GRACE);
        }
        giveComputeBack();
        return "its compute was stopped and given back";
    }

    private String sweep(Errand errand) {
        if (errand.hostId() != null) {
            RepairCalls.soon(errand.hostId(), "remove what is left").remove(id, errand.mode());
        }
        giveEverythingBack();
        return "what was left of it was removed and given back";
    }

    private String quiet(Errand errand) {
        RepairCalls.soon(Objects.requireNonNull(errand.hostId()), "stop what nobody knows")
                .stop(id, errand.mode(), StepCalls.GRACE);
        return "its compute was stopped; its data was kept";
    }

    private String finish(Errand errand, OperationKind operation) {
        var lost = Objects.requireNonNull(repair.operationId());
        return switch (operation) {
            case CREATE -> {
                failUnlessFailed(errand, lost, List.of("the deployment", "host and GPUs", "ports", "quota"));
                remove(errand);
                giveEverythingBack();
                yield settled(lost, "the create was undone");
            }
            case START -> {
                failUnlessFailed(errand, lost, List.of("the deployment", "host and GPUs", "quota"));
                stop(errand);
                giveComputeBack();
                yield settled(lost, "the start was undone");
            }
            case STOP -> {
                stop(errand);
                giveComputeBack();
                yield succeeded(lost, EnvironmentStatus.STOPPED);
            }
            case DELETE -> {
                remove(errand);
                giveEverythingBack();
                yield succeeded(lost, EnvironmentStatus.DELETED);
            }
        };
    }

    private void failUnlessFailed(Errand errand, String lost, List<String> held) {
        if (!errand.failed()) {
            RepairCalls.records("say that it failed, and why")
                    .fail(lost, id, new FailureReason(WORKFLOW_LOST, repair.reason()), held);
        }
    }

    private void stop(Errand errand) {
        if (errand.hostId() != null) {
            RepairCalls.persistently(errand.hostId(), "stop").stop(id, errand.mode(), StepCalls.GRACE);
        }
    }

    private void remove(Errand errand) {
        if (errand.hostId() != null) {
            RepairCalls.persistently(errand.hostId(), "remove").remove(id, errand.mode());
        }
    }

    private String settled(String lost, String how) {
        RepairCalls.records("everything is given back").settle(lost, id);
        show(EnvironmentStatus.FAILED);
        return how;
    }

    private String succeeded(String lost, EnvironmentStatus status) {
        RepairCalls.records("it is " + status.wireName()).succeed(lost, id, status);
        show(status);
        return "its operation was finished: it is " + status.wireName();
    }

    private void giveComputeBack() {
        RepairCalls.allocations("give host and GPUs back").release(id);
        RepairCalls.quota("give compute back").releaseCompute(id);
    }

    private void giveEverythingBack() {
        RepairCalls.ports("give the ports back").release(id);
        RepairCalls.allocations("give host and GPUs back").release(id);
        RepairCalls.quota("give the quota back").release(id);
    }

    private static void show(EnvironmentStatus status) {
        Workflow.upsertTypedSearchAttributes(SearchAttributes.ENVIRONMENT_STATUS.valueSet(status.wireName()));
    }
}
