package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.Taint;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A taint of GPU nodes that environments may ignore.
 *
 * @param value only this value; null for any
 * @param effect {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute}; null for all
 */
public record PodToleration(
        String key, @Nullable String value, @Nullable String effect) {

    private static final Pattern TEXT =
            Pattern.compile("([^=:\\s]+)(?:=([^=:\\s]*))?(?::(NoSchedule|PreferNoSchedule|NoExecute))?");

    /** Whether environments may be on a node with that taint because of this. */
    boolean covers(Taint taint) {
        return key.equals(taint.getKey())
                && (value == null || value.equals(taint.getValue()))
                && (effect == null || effect.equals(taint.getEffect()));
    }

    /** Reads what {@code kubectl taint} writes: {@code key}, {@code key=value}, {@code key:effect}, {@code key=value:effect}. */
    public static PodToleration parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a toleration: write key[=value][:NoSchedule|PreferNoSchedule|NoExecute]");
        }
        return new PodToleration(matcher.group(1), matcher.group(2), matcher.group(3));
    }
}
