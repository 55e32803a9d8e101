package io.remotegpu.workflows.environment;

import io.temporal.activity.ActivityInterface;
import java.util.UUID;

/** What an environment holds of its user's quota. Local activities, one transaction each, idempotent by the id. */
@ActivityInterface(namePrefix = "Quota_")
public interface QuotaSteps {

    /** Reserves CPU, memory and GPUs again, for a start; refuses {@code QUOTA_EXCEEDED}. */
    void reserveCompute(UUID id);

    /** Gives CPU, memory and GPUs back; not held is success. */
    void releaseCompute(UUID id);

    /** Gives everything back; not held is success. */
    void release(UUID id);
}
