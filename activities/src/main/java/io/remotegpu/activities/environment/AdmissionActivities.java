package io.remotegpu.activities.environment;

import io.remotegpu.db.allocation.Admissions;
import io.remotegpu.db.allocation.NoCapacityException;
import io.remotegpu.db.environment.EnvironmentExistsException;
import io.remotegpu.db.environment.InvalidStateException;
import io.remotegpu.db.environment.NameTakenException;
import io.remotegpu.db.environment.NewEnvironment;
import io.remotegpu.db.port.NoPortException;
import io.remotegpu.db.quota.QuotaExceededException;
import io.remotegpu.drivers.spi.Timetable;
import io.remotegpu.workflows.environment.AdmissionSteps;
import io.remotegpu.workflows.environment.Admitted;
import io.remotegpu.workflows.environment.CreateRequest;
import io.remotegpu.workflows.environment.Placement;
import io.remotegpu.workflows.environment.Refusal;
import java.util.Objects;
import org.springframework.stereotype.Component;

@Component
final class AdmissionActivities implements AdmissionSteps {

    private final Admissions admissions;

    AdmissionActivities(Admissions admissions) {
        this.admissions = admissions;
    }

    @Override
    public Admitted create(String operationId, CreateRequest request, String firstStep) {
        var environment = new NewEnvironment(
                request.id(),
                request.userId(),
                request.username(),
                operationId,
                request.spec(),
                request.requestFingerprint(),
                Objects.requireNonNullElse(request.timetable(), Timetable.NONE));
        try {
            return admissions
                    .admit(environment, firstStep, request.waitAtMost() != null)
                    .map(held -> Admitted.placed(
                            new Placement(held.place().hostId(), held.place().gpus()), held.ports()))
                    .orElseGet(Admitted::withoutRoom);
        } catch (NameTakenException taken) {
            throw Refusals.refuse(Refusal.NAME_TAKEN, taken);
        } catch (EnvironmentExistsException exists) {
            if (Objects.equals(exists.requestFingerprint(), request.requestFingerprint())) {
                return Admitted.doneBefore();
            }
            throw Refusals.refuse(Refusal.IDEMPOTENCY_KEY_REUSED, exists);
        } catch (InvalidStateException invalid) {
            throw Refusals.refuse(Refusal.INVALID_STATE, invalid);
        } catch (QuotaExceededException exceeded) {
            throw Refusals.refuse(exceeded);
        } catch (NoCapacityException full) {
            throw Refusals.refuse(full);
        } catch (NoPortException none) {
            throw Refusals.refuse(Refusal.NO_CAPACITY, none);
        }
    }
}
