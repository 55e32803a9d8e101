package io.remotegpu.api.environment;

import io.remotegpu.api.security.Caller;
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
    private static final int MOST_OF_USER = 20;
    private static final Duration LOOK_EVERY = Duration.ofMillis(25);

    private final OperationRepository operations;
    private final EnvironmentRepository environments;
    private final PerUser waiting = new PerUser(MOST_OF_USER);

    Preference(OperationRepository operations, EnvironmentRepository environments) {
        this.operations = operations;
        this.environments = environments;
    }

    /** Until no operation is under way. */
    HttpHeaders awaitEnd(Caller caller, @Nullable String prefer, UUID environmentId) {
        return await(caller, prefer, () -> operations.open(environmentId).isEmpty());
    }

    /** Until it is deleted: a create that the delete cuts short ends before the delete begins. */
    HttpHeaders awaitDeletion(Caller caller, @Nullable String prefer, UUID environmentId) {
        return await(
                caller,
                prefer,
                () -> environments
                        .findById(environmentId)
                        .filter(environment -> environment.status() != EnvironmentStatus.DELETED)
                        .isEmpty());
    }

    /**
     * Waits as preferred; what cannot be understood is no preference, and so is one of a user who waits for many answers
     * already. Returns the headers that say what was done.
     */
    private HttpHeaders await(Caller caller, @Nullable String prefer, BooleanSupplier ended) {
        var headers = new HttpHeaders();
        var wanted = prefer == null ? null : WAIT.matcher(prefer);
        if (wanted == null || !wanted.find() || !waiting.tryTake(caller.userId())) {
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
        } finally {
            waiting.giveBack(caller.userId());
        }
        return headers;
    }
}
