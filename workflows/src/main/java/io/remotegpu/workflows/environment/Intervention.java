package io.remotegpu.workflows.environment;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An operator's word, as it is written down.
 *
 * @param key the same for the same word, so that it is written once
 * @param step the step that it is about, for example {@code "remove"}
 * @param hostId where that step is; absent for one that is on no host
 */
public record Intervention(
        String key,
        Kind kind,
        String step,
        @Nullable String hostId,
        String by,
        @Nullable String reason) {

    public enum Kind {
        RETRY,
        SKIP,
        ABORT;

        /** The name in routes, updates and the audit. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
