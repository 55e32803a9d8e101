package io.remotegpu.drivers.libvirt;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a device sits on the host's PCI buses; all numbers as the kernel writes them, in hexadecimal. */
record PciAddress(String domain, String bus, String slot, String function) implements Comparable<PciAddress> {

    /** As in sysfs ({@code 0000:3b:00.0}) and as {@code nvidia-smi} writes it ({@code 00000000:3B:00.0}). */
    private static final Pattern FORM =
            Pattern.compile("(?:0000)?([0-9a-f]{4,5}):([0-9a-f]{2}):([0-9a-f]{2})\\.([0-7])");

    static PciAddress parse(String text) {
        Matcher parts = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "libvirt driver: a PCI address looks like 0000:3b:00.0, not '" + text + "'");
        }
        return new PciAddress(parts.group(1), parts.group(2), parts.group(3), parts.group(4));
    }

    /** Whether both are functions of one card, as a GPU and its sound device are. */
    boolean sameCard(PciAddress other) {
        return domain.equals(other.domain) && bus.equals(other.bus) && slot.equals(other.slot);
    }

    @Override
    public int compareTo(PciAddress other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return domain + ":" + bus + ":" + slot + "." + function;
    }
}
