package io.remotegpu.drivers.spi.probe;

import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks from inside a container at who uses it: a script for any POSIX shell, and what its output means. An image that is
 * not of ours tells what it can, an image without a shell nothing. Whoever is inside can make it say anything, but only of
 * what is theirs.
 */
public final class ActivityScript {

    /** More than all of it ever is, except where somebody plays with it. */
    public static final int MOST_BYTES = 256 * 1024;

    private static final String TOKEN_FILE = "/run/remotegpu/jupyter-token";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Pattern STATE = Pattern.compile("\"execution_state\"\\s*:\\s*\"([a-z_]{1,40})\"");
    private static final Pattern LAST = Pattern.compile("\"last_activity\"\\s*:\\s*\"([0-9TZ:.+-]{1,40})\"");

    private static final String SCRIPT = script();

    /** The command line, to be run inside as the user. */
    public static List<String> command() {
        return command(
                TOKEN_FILE,
                Service.JUPYTER.containerPort(),
                Service.TENSORBOARD.containerPort(),
                Stream.of(Service.values()).map(Service::containerPort).toList());
    }

    static List<String> command(String tokenFile, int jupyterPort, int tensorboardPort, Collection<Integer> ports) {
        var words = new ArrayList<>(List.of("sh", "-c", SCRIPT, "activity", tokenFile, Integer.toString(jupyterPort)));
        words.add(hexadecimal(tensorboardPort));
        ports.forEach(port -> words.add(hexadecimal(port)));
        return List.copyOf(words);
    }

    /** What it said; lines that are none of its own are passed over. */
    public static Activity read(Collection<String> lines) {
        @Nullable Long connections = null;
        @Nullable Long cpu = null;
        @Nullable Long gpu = null;
        boolean gpusUnknown = false;
        @Nullable String kernels = null;
        @Nullable String terminals = null;
        for (var line : lines) {
            int space = line.indexOf(' ');
            var value = space < 0 ? "" : line.substring(space + 1).strip();
            switch (space < 0 ? "" : line.substring(0, space)) {
                case "connections" -> connections = number(value);
                case "cpu" -> cpu = number(value);
                case "gpu" -> {
                    var percent = number(value);
                    gpusUnknown |= percent == null || percent > 100;
                    gpu = percent == null ? gpu : Long.valueOf(Math.max(percent, gpu == null ? 0 : gpu));
                }
                case "kernels" -> kernels = value;
                case "terminals" -> terminals = value;
                default -> {}
            }
        }
        return new Activity(
                connections == null ? null : Math.clamp(connections, 0, Integer.MAX_VALUE),
                cpu,
                gpu == null || gpusUnknown ? null : Math.toIntExact(gpu),
                jupyter(kernels, terminals));
    }

    /** A notebook server may have terminals switched off; kernels it always has. */
    private static Activity.@Nullable Jupyter jupyter(@Nullable String kernels, @Nullable String terminals) {
        if (kernels == null || !kernels.startsWith("[") || !kernels.endsWith("]")) {
            return null;
        }
        var busy = STATE.matcher(kernels)
                .results()
                .filter(state ->
                        !state.group(1).equals("idle") && !state.group(1).equals("dead"))
                .count();
        @Nullable Instant last = null;
        for (var list : new String[] {kernels, terminals == null ? "" : terminals}) {
            for (var found : LAST.matcher(list).results().toList()) {
                var at = instant(found.group(1));
                if (at == null) {
                    return null;
                }
                last = last == null || at.isAfter(last) ? at : last;
            }
        }
        return new Activity.Jupyter((int) busy, last);
    }

    private static @Nullable Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException other) {
            return null;
        }
    }

    private static @Nullable Long number(String text) {
        return NUMBER.matcher(text).matches() ? Long.valueOf(text) : null;
    }

    /** As /proc has it. */
    private static String hexadecimal(int port) {
        return "%04X".formatted(port);
    }

    private static String script() {
        try (var in = Objects.requireNonNull(
                ActivityScript.class.getResourceAsStream("activity.sh"), "activity.sh is not in the jar")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading activity.sh from the jar", e);
        }
    }

    private ActivityScript() {}
}
