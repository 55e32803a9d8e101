package io.remotegpu.api.environment;

import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.OperationRepository;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** {@code Prefer: wait=N} (RFC 7240): holds an answer until an operation has ended, at most N seconds. */
@Component
class Preference {

    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?([0-9]{1,9})\"?(?=$|[,;\\s])");
    private static final long LONGEST_SECONDS = 60;
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final OperationRepository operations;
    private final EnvironmentRepository environments;

    Preference(OperationRepository operations, EnvironmentRepository environments) {
        this.operations = operations;
        this.environments = environments;
    }

    /** Until no operation is under way. */
    HttpHeaders awaitEnd(@Nullable String prefer, UUID environmentId) {
        return await(prefer, () -> operations.open(environmentId).isEmpty());
    }

    /** Until it is deleted: a create that the delete cuts short ends before the delete begins. */
    HttpHeaders awaitDeletion(@Nullable String prefer, UUID environmentId) {
        return await(
                prefer,
                () -> environments
                        .findById(environmentId)
                        .filter(environment -> environment.status() != EnvironmentStatus.DELETED)
                        .isEmpty());
    }

    /** Waits as preferred; what cannot be understood is no preference. Returns the headers that say what was done. */
    private static HttpHeaders await(@Nullable String prefer, BooleanSupplier ended) {
        var headers = new HttpHeaders();
        var wanted = prefer == null ? null : WAIT.matcher(prefer);
        if (wanted == null || !wanted.find()) {
            return headers;
        }
        var seconds = Math.min(LONGEST_SECONDS, Long.parseLong(wanted.group(1)));
        headers.set("Preference-Applied", "wait=" + seconds);
        var deadline = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        try {
            while (!ended.getAsBoolean() && System.nanoTime() - deadline < 0) {
                Thread.sleep(LOOK_EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return headers;
    }
}
