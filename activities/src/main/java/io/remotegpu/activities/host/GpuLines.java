package io.remotegpu.activities.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What nvidia-smi's lines mean. */
final class GpuLines {

    /** The fields that are asked for, in this order; only the first four are known to every driver. */
    static final List<String> FIELDS = List.of(
            "index",
            "uuid",
            "name",
            "memory.total",
            "driver_version",
            "mig.mode.current",
            "temperature.gpu",
            "utilization.gpu",
            "memory.used",
            "ecc.errors.uncorrected.volatile.total",
            "remapped_rows.pending",
            "remapped_rows.failure",
            "retired_pages.pending",
            "pci.bus_id");

    static final List<String> FIELDS_OF_ALL_DRIVERS = FIELDS.subList(0, 4);

    private static final Pattern ID = Pattern.compile("GPU-[A-Za-z0-9-]{1,100}");
    /** GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5d5ba0d6-…) */
    private static final Pattern CARD = Pattern.compile("GPU (\\d+): .*\\(UUID: (GPU-[A-Za-z0-9-]+)\\)\\s*");
    /** MIG 3g.20gb     Device  0: (UUID: MIG-c6d4f1ef-…), beneath its card */
    private static final Pattern INSTANCE =
            Pattern.compile("\\s+MIG (\\S*?(\\d+)gb\\S*)\\s+Device\\s+(\\d+): \\(UUID: (MIG-[A-Za-z0-9/-]+)\\)\\s*");

    /** In place of a value, where a GPU no longer answers: {@code [GPU is lost]}, {@code [GPU requires reset]}. */
    private static final Pattern TROUBLE =
            Pattern.compile("\\[?(GPU is lost|GPU requires reset|Unknown Error)]?", Pattern.CASE_INSENSITIVE);

    /**
     * One card.
     *
     * @param fields by their names in {@link #FIELDS}, as far as they were asked for
     */
    record Card(int index, String uuid, String name, long memory, List<String> fields) {

        String field(String name) {
            int position = FIELDS.indexOf(name);
            return position < fields.size() ? fields.get(position) : "";
        }

        /** Where it is plugged in, as {@link XidErrors} names it; empty where it is not told. */
        String slot() {
            return XidErrors.slot(field("pci.bus_id"));
        }

        boolean isDivided() {
            return field("mig.mode.current").equals("Enabled");
        }

        /**
         * Why nothing new may run on it. Errors of memory that the driver repaired are none; where it cannot repair,
         * each that was not corrected is one.
         */
        @Nullable
        String error() {
            Optional<String> told = fields.stream()
                    .map(TROUBLE::matcher)
                    .filter(Matcher::matches)
                    .map(match -> match.group(1))
                    .findFirst();
            if (told.isPresent()) {
                return "nvidia-smi says: " + told.get();
            }
            if (isYes("remapped_rows.failure")) {
                return "its memory has more bad rows than can be replaced: the card has to be replaced";
            }
            if (isYes("remapped_rows.pending") || isYes("retired_pages.pending")) {
                return "a repair of its memory waits for a reset of the GPU (nvidia-smi --gpu-reset -i " + index + ")";
            }
            long uncorrected = number("ecc.errors.uncorrected.volatile.total");
            boolean repairs = field("remapped_rows.pending").equals("No")
                    || field("retired_pages.pending").equals("No");
            return uncorrected > 0 && !repairs
                    ? uncorrected + " errors of its memory could not be corrected (ECC)"
                    : null;
        }

        /** For people: {@code 34 °C, 12 % busy, 1024 of 81559 MiB used, 0 uncorrected ECC errors}; as far as known. */
        String summary() {
            var words = new StringBuilder();
            append(words, "temperature.gpu", "%d °C");
            append(words, "utilization.gpu", "%d %% busy");
            append(words, "memory.used", "%d of " + (memory >> 20) + " MiB used");
            append(words, "ecc.errors.uncorrected.volatile.total", "%d uncorrected ECC errors");
            return words.toString();
        }

        private void append(StringBuilder words, String field, String format) {
            long value = number(field);
            if (value >= 0) {
                words.append(words.isEmpty() ? "" : ", ").append(String.format(Locale.ROOT, format, value));
            }
        }

        private boolean isYes(String field) {
            return field(field).equals("Yes");
        }

        /** -1 where it is none: {@code [N/A]}, {@code [Not Supported]}. */
        private long number(String field) {
            String value = field(field);
            return value.matches("\\d{1,18}") ? Long.parseLong(value) : -1;
        }
    }

    /** One MIG instance, beneath its card's index. */
    record Instance(int card, int device, String profile, long memory, String uuid) {}

    /** A line of a query with that many fields; empty when it is none. */
    static Optional<Card> card(String line, int fields) {
        String[] cells = line.split(",", -1);
        int surplus = cells.length - fields;
        if (surplus < 0) {
            return Optional.empty();
        }
        // A name may hold a comma; nothing else can.
        String name = String.join(",", List.of(cells).subList(2, 3 + surplus)).strip();
        var values = new ArrayList<String>();
        for (int field = 0; field < fields; field++) {
            values.add(field < 2 ? cells[field].strip() : field == 2 ? name : cells[field + surplus].strip());
        }
        try {
            int index = Integer.parseInt(values.getFirst());
            long mebibytes = Long.parseLong(values.get(3));
            // Without its name of its own a GPU could be taken for another one.
            if (index < 0
                    || mebibytes < 1
                    || name.isEmpty()
                    || !ID.matcher(values.get(1)).matches()) {
                return Optional.empty();
            }
            return Optional.of(
                    new Card(index, values.get(1), name, Math.multiplyExact(mebibytes, 1L << 20), List.copyOf(values)));
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** The MIG instances in what {@code nvidia-smi -L} lists. */
    static List<Instance> instances(String listing) {
        var found = new ArrayList<Instance>();
        int card = -1;
        for (String line : listing.lines().toList()) {
            Matcher heading = CARD.matcher(line);
            Matcher instance = INSTANCE.matcher(line);
            if (heading.matches()) {
                card = Integer.parseInt(heading.group(1));
            } else if (card >= 0 && instance.matches()) {
                found.add(new Instance(
                        card,
                        Integer.parseInt(instance.group(3)),
                        instance.group(1),
                        Long.parseLong(instance.group(2)) << 30,
                        instance.group(4)));
            }
        }
        return List.copyOf(found);
    }

    private GpuLines() {}
}
