package io.remotegpu.activities.environment;

import io.remotegpu.db.quota.QuotaExceededException;
import io.remotegpu.db.quota.Reservations;
import io.remotegpu.workflows.environment.QuotaSteps;
import java.util.UUID;
import org.springframework.stereotype.Component;

@Component
final class QuotaActivities implements QuotaSteps {

    private final Reservations reservations;

    QuotaActivities(Reservations reservations) {
        this.reservations = reservations;
    }

    @Override
    public void reserveCompute(UUID id) {
        try {
            reservations.reserveCompute(id);
        } catch (QuotaExceededException exceeded) {
            throw Refusals.refuse(exceeded);
        }
    }

    @Override
    public void releaseCompute(UUID id) {
        reservations.releaseCompute(id);
    }

    @Override
    public void release(UUID id) {
        reservations.release(id);
    }
}
