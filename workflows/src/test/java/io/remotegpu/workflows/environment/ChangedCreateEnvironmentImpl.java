package io.remotegpu.workflows.environment;

import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** {@link CreateEnvironment} as somebody might change it without a thought for running workflows: with a pause. */
public final class ChangedCreateEnvironmentImpl implements CreateEnvironment {

    private final CompletablePromise<Admission> admission = Workflow.newPromise();

    @Override
    public void create(CreateRequest request) {
        Workflow.sleep(Duration.ofSeconds(1));
        Steps.admission("write it down; take quota, host, GPUs and ports").create("changed", request, "deploy");
        admission.complete(new Admission(request.id()));
    }

    @Override
    public Admission admit() {
        return admission.get();
    }

    @Override
    public Admission delete(OperationRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void wake() {
        throw new UnsupportedOperationException();
    }

    @Override
    public OperationProgress progress() {
        throw new UnsupportedOperationException();
    }
}
