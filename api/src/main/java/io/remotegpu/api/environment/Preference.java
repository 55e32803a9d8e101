package io.remotegpu.api.environment;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** {@code Prefer: wait=N} (RFC 7240): holds an answer until its operation has ended, at most N seconds. */
@Component
class Preference {

    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?([0-9]{1,9})\"?(?=$|[,;\\s])");
    private static final long LONGEST_SECONDS = 60;
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** Waits as preferred; what cannot be understood is no preference. Returns the headers that say what was done. */
    HttpHeaders await(@Nullable String prefer, BooleanSupplier ended) {
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
