package io.remotegpu.activities.environment;

import io.remotegpu.db.quota.QuotaExceededException;
import io.remotegpu.db.quota.Reservations;
import io.remotegpu.workflows.environment.QuotaSteps;
import io.remotegpu.workflows.environment.Refusal;
import io.remotegpu.workflows.environment.Shortage;
import io.temporal.failure.ApplicationFailure;
import java.util.UUID;
import org.springframework.stereotype.Component;

@Component
final class QuotaActivities implements QuotaSteps {

    private final Reservations reservations;

    QuotaActivities(Reservations reservations) {
        this.reservations = reservations;
    }

    @Override
    public void reserve(UUID id) {
        try {
            reservations.reserve(id);
        } catch (QuotaExceededException exceeded) {
            throw refusal(exceeded);
        }
    }

    @Override
    public void reserveCompute(UUID id) {
        try {
            reservations.reserveCompute(id);
        } catch (QuotaExceededException exceeded) {
            throw refusal(exceeded);
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

    private static ApplicationFailure refusal(QuotaExceededException exceeded) {
        return Refusals.refuse(
                Refusal.QUOTA_EXCEEDED,
                exceeded,
                exceeded.excesses().stream()
                        .map(excess -> new Shortage(excess.field(), excess.message()))
                        .toList());
    }
}
