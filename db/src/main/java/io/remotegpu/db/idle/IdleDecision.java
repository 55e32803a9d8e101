package io.remotegpu.db.idle;

import io.remotegpu.drivers.spi.Activity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether anybody uses an environment, by its samples alone: pure.
 *
 * <p>It is idle since the first of the newest samples in a row of which each says so, with no gap between them. A sample
 * says so when all that can be use is known, and none of it is: open connections, CPU time since the sample before, GPUs,
 * kernels. A kernel's last activity is use at its time, also where no sample was taken then.
 *
 * @param gpus whether it holds GPUs, so that their use has to be known
 * @param jupyter whether it has a notebook server, so that what that does has to be known
 */
record IdleDecision(boolean gpus, boolean jupyter, int cpuPercent, int gpuPercent, Duration longestGap) {

    static IdleDecision of(boolean gpus, boolean jupyter, IdleSettings settings) {
        return new IdleDecision(gpus, jupyter, settings.cpuPercent(), settings.gpuPercent(), settings.longestGap());
    }

    /**
     * What the samples say now.
     *
     * @param samples since it was started, oldest first
     */
    Idleness judge(List<ActivitySample> samples, Instant now) {
        if (samples.isEmpty()) {
            return Idleness.unknown("nothing was seen of it since it was started");
        }
        var newest = samples.getLast();
        if (isGap(newest.at(), now)) {
            return Idleness.unknown("nothing was seen of it since " + newest.at());
        }
        var missing = unknown(newest);
        if (missing != null) {
            return Idleness.unknown(missing);
        }
        var use = use(newest);
        if (use != null) {
            return Idleness.inUse(use);
        }
        var stretch = idleStretch(samples);
        if (stretch.size() == 1 && samples.size() > 1) {
            var computed = computing(samples.get(samples.size() - 2), newest);
            if (computed != null) {
                return Idleness.inUse(computed);
            }
        }
        var since = later(stretch.getFirst().at(), lastOfKernels(newest), newest.at());
        return Idleness.idle(since, words(stretch));
    }

    /** The newest samples in a row that are known and idle, oldest first; at least one. */
    private List<ActivitySample> idleStretch(List<ActivitySample> samples) {
        int first = samples.size() - 1;
        while (first > 0
                && isIdle(samples.get(first - 1))
                && nothingBetween(samples.get(first - 1), samples.get(first))) {
            first--;
        }
        return samples.subList(first, samples.size());
    }

    private boolean isIdle(ActivitySample sample) {
        return unknown(sample) == null && use(sample) == null;
    }

    private boolean nothingBetween(ActivitySample one, ActivitySample next) {
        return !isGap(one.at(), next.at()) && cpuPercent(one, next) >= 0 && computing(one, next) == null;
    }

    private boolean isGap(Instant one, Instant next) {
        return Duration.between(one, next).compareTo(longestGap) > 0;
    }

    /** What of it is not known, in words; null when all is. */
    private @Nullable String unknown(ActivitySample sample) {
        var activity = sample.activity();
        if (sample.trouble() != null) {
            return "it could not be looked at: " + sample.trouble();
        }
        var missing = new ArrayList<String>();
        if (activity.connections() == null) {
            missing.add("connections");
        }
        if (activity.cpuNanos() == null) {
            missing.add("CPU use");
        }
        if (gpus && activity.gpuPercent() == null) {
            missing.add("GPU use");
        }
        if (jupyter && activity.jupyter() == null) {
            missing.add("Jupyter's kernels");
        }
        return missing.isEmpty() ? null : "cannot be seen: " + String.join(", ", missing);
    }

    /** What uses it at the moment of the sample, in words; null when nothing does. */
    private @Nullable String use(ActivitySample sample) {
        var activity = sample.activity();
        var connections = activity.connections();
        if (connections != null && connections > 0) {
            return connections + (connections == 1 ? " open connection" : " open connections");
        }
        var kernels = activity.jupyter();
        if (kernels != null && kernels.busyKernels() > 0) {
            return kernels.busyKernels() + (kernels.busyKernels() == 1 ? " busy kernel" : " busy kernels");
        }
        var gpu = activity.gpuPercent();
        return gpu != null && gpu > gpuPercent ? "GPU at " + gpu + " %" : null;
    }

    /** What it computed between two samples, in words, if that is use. */
    private @Nullable String computing(ActivitySample one, ActivitySample next) {
        double percent = cpuPercent(one, next);
        return percent > cpuPercent ? "CPU at " + decimal(percent) + " % of a core" : null;
    }

    /** Of one core, on average; negative when it cannot be said, because it was brought up anew in between. */
    private static double cpuPercent(ActivitySample one, ActivitySample next) {
        var before = one.activity().cpuNanos();
        var after = next.activity().cpuNanos();
        long nanos = Duration.between(one.at(), next.at()).toNanos();
        return before == null || after == null || after < before || nanos <= 0 ? -1 : 100.0 * (after - before) / nanos;
    }

    private static @Nullable Instant lastOfKernels(ActivitySample sample) {
        var kernels = sample.activity().jupyter();
        return kernels == null ? null : kernels.lastActivity();
    }

    /** Its clock may be ahead of ours. */
    private static Instant later(Instant one, @Nullable Instant other, Instant atMost) {
        if (other == null || !other.isAfter(one)) {
            return one;
        }
        return other.isAfter(atMost) ? atMost : other;
    }

    private String words(List<ActivitySample> stretch) {
        double cpu = 0;
        int gpu = 0;
        for (int i = 0; i < stretch.size(); i++) {
            Activity activity = stretch.get(i).activity();
            cpu = Math.max(cpu, i == 0 ? 0 : cpuPercent(stretch.get(i - 1), stretch.get(i)));
            gpu = Math.max(gpu, activity.gpuPercent() == null ? 0 : activity.gpuPercent());
        }
        var words = new ArrayList<String>();
        words.add("no open connection");
        words.add("CPU at most " + decimal(cpu) + " % of a core");
        if (gpus) {
            words.add("GPU at most " + gpu + " %");
        }
        if (jupyter) {
            var last = lastOfKernels(stretch.getLast());
            words.add("no busy kernel" + (last == null ? "" : ", the last active at " + last));
        }
        return String.join(", ", words) + ", in " + stretch.size()
                + (stretch.size() == 1 ? " sample from " : " samples from ")
                + stretch.getFirst().at() + " to " + stretch.getLast().at();
    }

    private static String decimal(double percent) {
        return String.format(Locale.ROOT, "%.1f", percent);
    }
}
