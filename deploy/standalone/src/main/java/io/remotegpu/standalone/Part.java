package io.remotegpu.standalone;

import io.remotegpu.api.ApiApplication;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What of RemoteGPU a process is. */
enum Part {
    /** PostgreSQL, Temporal, the API, the workers, and this machine as a host. */
    EVERYTHING(StandaloneApplication.class),
    /** PostgreSQL and Temporal, for the others on this machine. */
    SERVICES(null),
    /** The REST API; as many processes as needed. */
    API(ApiApplication.class),
    /** Workflows and their database steps, the reconciler, the watch over hosts; as many processes as needed. */
    WORKER(WorkerApplication.class);

    private final @Nullable Class<?> application;

    Part(@Nullable Class<?> application) {
        this.application = application;
    }

    /** Absent where there is none. */
    @Nullable
    Class<?> application() {
        return application;
    }

    /** Whether its PostgreSQL and its Temporal are somebody else's: other parts are to find them, too. */
    boolean needsServices() {
        return this == API || this == WORKER;
    }

    /** Whether it listens for requests. */
    boolean listens() {
        return this == EVERYTHING || this == API;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one that {@code --only} names. */
    static Part named(String text) {
        return Arrays.stream(values())
                .filter(part -> part != EVERYTHING && part.word().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--only wants "
                        + Arrays.stream(values())
                                .filter(part -> part != EVERYTHING)
                                .map(Part::word)
                                .collect(Collectors.joining(", "))
                        + "; it got " + text));
    }
}
