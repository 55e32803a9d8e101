package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Info;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the engine limit what environments write, as the settings say and as far as it can, and knows what it cannot. A limit
 * that was refused is asked for again after an hour: the engine may have been set up anew.
 */
final class DiskGuard {

    private static final Logger log = LoggerFactory.getLogger(DiskGuard.class);
    private static final long AGAIN_AFTER = Duration.ofHours(1).toNanos();

    private static final String HOME = "their home folders";
    private static final String REST = "disk outside of their home folders";

    private record Refusal(String reason, long at) {

        boolean isFresh() {
            return System.nanoTime() - at < AGAIN_AFTER;
        }
    }

    private final DiskLimits limits;
    /** Until the engine takes such a limit. */
    private @Nullable Refusal home;

    private @Nullable Refusal rest;
    private volatile @Nullable Long askedAt;
    private boolean homesWithout;

    DiskGuard(DiskLimits limits) {
        this.limits = limits;
    }

    /** What the engine is to be asked for. */
    synchronized DiskQuotas wanted() {
        DiskQuotas all = DiskQuotas.wanted(limits);
        return limits == DiskLimits.REQUIRED
                ? all
                : new DiskQuotas(all.home() && !isFresh(home), all.rest() && !isFresh(rest));
    }

    /**
     * The engine made a container with these.
     *
     * @param homeHasOne whether its home folder has the limit: one that was there before keeps what it was made with, whatever
     *     is asked for; only asked where the engine refused one before
     */
    void taken(DiskQuotas asked, BooleanSupplier homeHasOne) {
        // Not with our lock held: it may take its time.
        boolean proven = asked.home() && refusesHomes() && homeHasOne.getAsBoolean();
        synchronized (this) {
            home = proven ? null : home;
            rest = asked.rest() ? null : rest;
        }
    }

    private synchronized boolean refusesHomes() {
        return home != null;
    }

    /** Whether a container that never ran may run as it is. */
    boolean allows(InspectContainerResponse made) {
        return limits != DiskLimits.REQUIRED || DiskQuotas.isLimited(made);
    }

    /** Whether the engine refused a limit that need not be, so that the same without it is worth a try. */
    synchronized boolean goesWithout(DiskQuotas asked, RuntimeException failure) {
        if (!(failure instanceof DockerException answered)) {
            return false;
        }
        String reason = EngineErrors.message(answered);
        DiskQuotas possible = asked.without(reason);
        if (asked.home() && !possible.home()) {
            // "create remotegpu-<id>: quota size requested but no quota support", whosever it is
            home = refused(home, HOME, reason.replaceFirst("create \\S+: ", ""));
        }
        if (asked.rest() && !possible.rest()) {
            rest = refused(rest, REST, reason);
        }
        return limits == DiskLimits.AUTO && !possible.equals(asked);
    }

    /**
     * Sees what can be seen without a deployment.
     *
     * @param homes the volumes of environments
     * @param engine asked once an hour
     */
    void look(List<InspectVolumeResponse> homes, Supplier<Info> engine) {
        if (limits == DiskLimits.OFF) {
            return;
        }
        seen(!homes.stream().allMatch(DiskQuotas::isLimited));
        if (askedAt == null || System.nanoTime() - askedAt >= AGAIN_AFTER) {
            // Not with our lock held: it may take its time.
            seen(engine.get());
        }
    }

    private synchronized void seen(boolean homesWithout) {
        this.homesWithout = homesWithout;
    }

    private synchronized void seen(Info engine) {
        String reason = DiskQuotas.impossibleRest(engine);
        if (reason != null) {
            rest = refused(rest, REST, reason);
        }
        askedAt = System.nanoTime();
    }

    /** What is not limited that is to be, with what to do, by which part of the disk; asks nobody. */
    synchronized Map<String, String> unguarded() {
        Map<String, String> open = new TreeMap<>();
        if (home != null) {
            open.put("home", sentence(HOME, home.reason));
        } else if (homesWithout) {
            open.put(
                    "home",
                    "there are home folders without a limit, because the engine had no quotas, or was not asked for them, when they were made."
                            + " A volume keeps what it was made with: delete the environment to be rid of it, or set"
                            + " docker.disk-limits to off (docs/operations.md)");
        }
        if (rest != null) {
            open.put("rest", sentence(REST, rest.reason));
        }
        return open;
    }

    private static boolean isFresh(@Nullable Refusal refusal) {
        return refusal != null && refusal.isFresh();
    }

    private Refusal refused(@Nullable Refusal before, String where, String reason) {
        if (limits == DiskLimits.AUTO && (before == null || !Objects.equals(before.reason, reason))) {
            log.warn(sentence(where, reason));
        }
        return new Refusal(reason, System.nanoTime());
    }

    private String sentence(String where, String reason) {
        return "what environments write to " + where + " is not limited, because the engine cannot: " + reason + ". "
                + (limits == DiskLimits.REQUIRED ? "None is brought up until then. " : "")
                + "Put the engine's data on xfs mounted with pquota, or set docker.disk-limits to off"
                + " (docs/operations.md)";
    }
}
