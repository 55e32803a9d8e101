package io.remotegpu.api.environment;

import io.remotegpu.api.web.FieldError;
import io.remotegpu.db.idle.IdleSettings;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How long an environment may be wanted to be idle, within what the installation allows. */
@Component
class IdleLimits {

    private final IdleSettings settings;

    IdleLimits(IdleSettings settings) {
        this.settings = settings;
    }

    /** What is wrong with it. */
    Optional<FieldError> fault(@Nullable Duration timeout) {
        return timeout == null
                        || timeout.compareTo(settings.minTimeout()) >= 0
                                && timeout.compareTo(settings.maxTimeout()) <= 0
                ? Optional.empty()
                : Optional.of(new FieldError(
                        "idle_timeout",
                        "must be from " + settings.minTimeout() + " to " + settings.maxTimeout() + " here"));
    }
}
