package io.remotegpu.workflows.environment;

import io.temporal.activity.ActivityInterface;

/** What an operation takes before it is admitted. Local activities, one transaction each, idempotent by the operation. */
@ActivityInterface(namePrefix = "Admission_")
public interface AdmissionSteps {

    /**
     * Stores the environment as creating, reserves quota, claims a place and leases ports, and begins the operation's first
     * step. Refused it has stored nothing; {@link EnvironmentRecords#withdraw} takes all of it back.
     *
     * <p>Refuses {@code NAME_TAKEN}, {@code IDEMPOTENCY_KEY_REUSED}, {@code QUOTA_EXCEEDED} and {@code NO_CAPACITY}, in that
     * order; the last not to a request that waits, which keeps its row and its quota then.
     *
     * @param operationId the workflow run
     */
    Admitted create(String operationId, CreateRequest request, String firstStep);
}
