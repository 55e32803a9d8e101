package io.remotegpu.workflows.environment;

import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Set;

/** {@link CreateEnvironment} as somebody might change it without a thought for running workflows: with a pause. */
public final class ChangedCreateEnvironmentImpl implements CreateEnvironment {

    private final CompletablePromise<Admission> admission = Workflow.newPromise();

    @Override
    public void create(CreateRequest request) {
        Steps.records("write the environment down").create("changed", request);
        Steps.quota("reserve quota").reserve(request.id());
        Workflow.sleep(Duration.ofSeconds(1));
        Steps.allocations("choose a host, claim GPUs").allocate(request.id(), Set.of());
        Steps.ports("lease ports").lease(request.id());
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
