package io.remotegpu.api.environment;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** The one place that decides whose environments a caller may touch. Every route with an environment's id asks it. */
@Component
class OwnEnvironments {

    private final EnvironmentRepository environments;

    OwnEnvironments(EnvironmentRepository environments) {
        this.environments = environments;
    }

    /** An environment that the caller owns or administers; for others, and once it is deleted, there is none: 404. */
    Environment visible(Caller caller, UUID id) {
        return environments
                .findById(id)
                .filter(environment -> environment.status() != EnvironmentStatus.DELETED)
                .filter(environment -> caller.admin() || environment.userId() == caller.userId())
                .orElseThrow(() -> ProblemException.notFound("environment", id));
    }

    /** An environment whose secrets the caller may see: the owner's only. */
    Environment owned(Caller caller, UUID id) {
        var environment = visible(caller, id);
        if (environment.userId() != caller.userId()) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN, "forbidden", "Only its owner gets the access to an environment.");
        }
        return environment;
    }
}
