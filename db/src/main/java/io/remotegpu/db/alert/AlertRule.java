package io.remotegpu.db.alert;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is looked for. */
public enum AlertRule {
    /** Nothing is heard of a host, or its node is not ready. */
    HOST_SILENT,
    /** A GPU that is given to nobody, because something is wrong with it. */
    GPU_ERROR,
    /** A GPU whose host says that it is too hot. */
    GPU_HOT,
    /** A host one of whose disks is nearly full. */
    DISK_FULL,
    /** An environment that has failed, other than by its user's own word. */
    ENVIRONMENT_FAILED,
    /** Somebody waits for room for long. */
    QUEUE_OLD,
    /** The reconciler found something that is worse than good to know: a leak, or what may become one. */
    FINDING,
    /** A user holds nearly all that they may. */
    QUOTA_NEARLY_USED,
    /** An environment will be stopped or deleted by itself, as its users were warned. */
    ENVIRONMENT_ENDING;

    /** The name in rows, answers, settings and metrics. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value of that wire name; {@link IllegalArgumentException} when there is none. */
    public static AlertRule fromWireName(String name) {
        return Stream.of(values())
                .filter(value -> value.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is not one of "
                        + Stream.of(values()).map(AlertRule::wireName).collect(Collectors.joining(", "))));
    }
}
