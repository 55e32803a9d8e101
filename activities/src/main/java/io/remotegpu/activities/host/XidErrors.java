package io.remotegpu.activities.host;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What NVIDIA's driver said of faulty cards in the kernel's log. The driver tells it there and nowhere else.
 *
 * <p>A message holds until the machine or the driver starts again, or the log is cleared. Form and numbers:
 * <a href="https://docs.nvidia.com/deploy/xid-errors/">NVIDIA, Xid Errors</a>.
 */
final class XidErrors {

    /** {@code NVRM: Xid (PCI:0000:3b:00): 79, pid=1234, GPU has fallen off the bus.} Older drivers leave PCI: out. */
    private static final Pattern MESSAGE = Pattern.compile(
            "NVRM: Xid \\((?:PCI:)?([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2})[^)]*\\): (\\d{1,5})(?!\\d)(?:, (.*))?",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern DRIVER_LOADED = Pattern.compile("NVRM: loading NVIDIA ");

    private static final Pattern SLOT =
            Pattern.compile("([0-9a-f]{4,8}):([0-9a-f]{2}):([0-9a-f]{2})(?:\\.[0-7])?", Pattern.CASE_INSENSITIVE);

    /** The program's fault, not the card's; as NVIDIA's own Kubernetes device plugin has it. */
    private static final Set<Integer> OF_PROGRAMS = Set.of(13, 31, 43, 45, 68, 109);

    /** Memory that the card replaced or contained; what is still to be done, nvidia-smi tells. */
    private static final Set<Integer> REPAIRED = Set.of(63, 92, 94);

    private static final int LONGEST_REASON = 160;

    /** Why nothing new may run on a card, the latest of its faults, by {@link #slot}; absent for those that are well. */
    static Map<String, String> bySlot(String kernelLog) {
        var faults = new HashMap<String, String>();
        for (String line : kernelLog.lines().toList()) {
            Matcher message = MESSAGE.matcher(line);
            if (message.find()) {
                int number = Integer.parseInt(message.group(2));
                if (!OF_PROGRAMS.contains(number) && !REPAIRED.contains(number)) {
                    faults.put(slot(message.group(1)), reason(number, message.group(3)));
                }
            } else if (DRIVER_LOADED.matcher(line).find()) {
                faults.clear();
            }
        }
        return faults;
    }

    /** One form for {@code 00000000:3B:00.0} and {@code 0000:3b:00}; empty for what is neither. */
    static String slot(String address) {
        Matcher matcher = SLOT.matcher(address);
        return matcher.matches()
                ? "%x:%s:%s"
                        .formatted(Long.parseLong(matcher.group(1), 16), matcher.group(2), matcher.group(3))
                        .toLowerCase(Locale.ROOT)
                : "";
    }

    private static String reason(int number, String said) {
        String words = said == null ? "" : ", " + said.strip();
        return "the driver reported Xid " + number
                + (words.length() > LONGEST_REASON ? words.substring(0, LONGEST_REASON) + "…" : words)
                + " (kernel log; after a reset of the GPU clear it with dmesg --clear, or reboot)";
    }

    private XidErrors() {}
}
