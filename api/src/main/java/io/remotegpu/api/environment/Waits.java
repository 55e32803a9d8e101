package io.remotegpu.api.environment;

import io.remotegpu.api.web.FieldError;
import io.remotegpu.api.web.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** How long a request wants to wait for room, within what the installation allows. */
@Component
@EnableConfigurationProperties(QueueProperties.class)
class Waits {

    private final QueueProperties settings;

    Waits(QueueProperties settings) {
        this.settings = settings;
    }

    /** What is wrong with it. */
    Optional<FieldError> fault(@Nullable Boolean wait, @Nullable Duration timeout) {
        if (timeout == null) {
            return Optional.empty();
        }
        if (!Boolean.TRUE.equals(wait)) {
            return Optional.of(new FieldError("wait_timeout", "needs \"wait\": true"));
        }
        var longest = settings.longestWait();
        return timeout.compareTo(longest) <= 0
                ? Optional.empty()
                : Optional.of(new FieldError("wait_timeout", "must be at most " + longest + " here"));
    }

    /** Null for one who is to be refused when there is no room; throws the problem that names what is wrong. */
    @Nullable
    Duration atMost(@Nullable Boolean wait, @Nullable Duration timeout) {
        fault(wait, timeout).ifPresent(fault -> {
            throw ProblemException.invalid(List.of(fault));
        });
        if (!Boolean.TRUE.equals(wait)) {
            return null;
        }
        return timeout == null ? settings.defaultWait() : timeout;
    }
}
