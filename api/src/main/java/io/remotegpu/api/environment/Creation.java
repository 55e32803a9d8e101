package io.remotegpu.api.environment;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.FieldError;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.workflows.environment.CreateRequest;
import io.remotegpu.workflows.environment.Refusal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** From a request to an admitted environment, at most one for each Idempotency-Key. */
@Component
class Creation {

    private final SpecOfRequest specs;
    private final Waits waits;
    private final EnvironmentRepository environments;
    private final EnvironmentOperations operations;

    Creation(SpecOfRequest specs, Waits waits, EnvironmentRepository environments, EnvironmentOperations operations) {
        this.specs = specs;
        this.waits = waits;
        this.environments = environments;
        this.operations = operations;
    }

    /** The id of the environment, new or made by the same request before. */
    UUID create(Caller caller, @Nullable String key, NewEnvironmentRequest request) {
        var id = IdempotencyKeys.environmentId(caller.userId(), key);
        var spec = specs.of(request, caller);
        var timetable = TimetableLimits.timetable(request.maxLifetime(), request.schedule());
        var wait = waits.atMost(request.waitForRoom(), request.waitTimeout());
        if (key == null) {
            operations.create(new CreateRequest(id, caller.userId(), caller.username(), spec, null, wait, timetable));
            return id;
        }
        var fingerprint = IdempotencyKeys.fingerprint(request, spec);
        if (madeBefore(id, fingerprint)) {
            return id;
        }
        try {
            operations.create(
                    new CreateRequest(id, caller.userId(), caller.username(), spec, fingerprint, wait, timetable));
        } catch (ProblemException refused) {
            // The same request, sent at the same time, may have been first.
            if (refused.status() == HttpStatus.CONFLICT && madeBefore(id, fingerprint)) {
                return id;
            }
            throw refused;
        }
        madeBefore(id, fingerprint);
        return id;
    }

    private boolean madeBefore(UUID id, String fingerprint) {
        var made = environments.findById(id);
        if (made.map(Environment::requestFingerprint)
                .filter(other -> !other.equals(fingerprint))
                .isPresent()) {
            throw ProblemException.of(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    Refusal.IDEMPOTENCY_KEY_REUSED.code(),
                    "This Idempotency-Key was used for another request: choose another.",
                    List.of(new FieldError("Idempotency-Key", "was used for another request: choose another")));
        }
        return made.isPresent();
    }
}
