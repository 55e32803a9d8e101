package io.remotegpu.activities.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * This machine's GPUs, as {@code nvidia-smi} tells them; asked with every heartbeat. What it cannot tell of is left out,
 * and so is missed by whoever keeps the rows; nothing becomes free by it.
 */
final class GpuProbe {

    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final int UNKNOWN_FIELD = 2;

    /** Instances have numbers above every card's: at most 8 are on one. */
    private static final int FIRST_INSTANCE = 256;

    private static final int INSTANCES_OF_A_CARD = 8;
    private static final int LAST_INDEX = 1023;

    private final Tool tool;
    private final Tool kernelLog;
    private List<String> fields = GpuLines.FIELDS;

    /**
     * What was found, and what is to be said about it.
     *
     * @param trouble empty when all is well, and when there is no {@code nvidia-smi} at all
     * @param facts of each card, for people
     */
    record Found(List<HostReport.Gpu> gpus, String trouble, Map<String, String> facts) {

        static final Found NOTHING = new Found(List.of(), "", Map.of());
    }

    GpuProbe() {
        this(new Tool("nvidia-smi", PATIENCE), new Tool("dmesg", PATIENCE));
    }

    GpuProbe(Tool tool, Tool kernelLog) {
        this.tool = tool;
        this.kernelLog = kernelLog;
    }

    /** Never fails: a machine whose GPUs cannot be read still has its CPUs to offer. */
    Found probe() throws InterruptedException {
        try {
            Tool.Answer answer = query();
            if (answer != null && answer.status() == UNKNOWN_FIELD && fields.size() > 4) {
                // An older driver: without its health, a GPU is better than no GPU.
                fields = GpuLines.FIELDS_OF_ALL_DRIVERS;
                answer = query();
            }
            return answer == null ? Found.NOTHING : read(answer);
        } catch (Tool.SilentException e) {
            return new Found(List.of(), e.reason(), Map.of());
        }
    }

    private Tool.@Nullable Answer query() throws Tool.SilentException, InterruptedException {
        return tool.ask("--query-gpu=" + String.join(",", fields), "--format=csv,noheader,nounits");
    }

    private Found read(Tool.Answer answer) throws Tool.SilentException, InterruptedException {
        var cards = new ArrayList<GpuLines.Card>();
        var trouble = new ArrayList<String>();
        for (String line :
                answer.output().lines().filter(text -> !text.isBlank()).toList()) {
            GpuLines.card(line, fields.size()).ifPresentOrElse(cards::add, () -> trouble.add(line.strip()));
        }
        if (!answer.isGood() && cards.isEmpty()) {
            return new Found(List.of(), answer.complaint(), Map.of());
        }
        List<GpuLines.Instance> instances =
                cards.stream().anyMatch(GpuLines.Card::isDivided) ? instances(trouble) : List.of();
        var gpus = new ArrayList<HostReport.Gpu>();
        Map<String, String> facts = new TreeMap<>();
        Map<String, String> xids = cards.isEmpty() ? Map.of() : xids(facts);
        for (GpuLines.Card card : cards) {
            describe(card, facts);
            String error = card.error();
            add(card, error == null ? xids.get(card.slot()) : error, instances, gpus);
        }
        return new Found(List.copyOf(gpus), words(trouble), facts);
    }

    private List<GpuLines.Instance> instances(List<String> trouble) throws Tool.SilentException, InterruptedException {
        Tool.Answer listing = tool.ask("-L");
        if (listing == null) {
            return List.of();
        }
        if (!listing.isGood()) {
            trouble.add(listing.complaint());
        }
        return GpuLines.instances(listing.output());
    }

    /** By slot. Who may not read the kernel's log offers the cards nevertheless, and says so. */
    private Map<String, String> xids(Map<String, String> facts) throws InterruptedException {
        try {
            Tool.Answer answer = kernelLog.ask();
            if (answer != null && answer.isGood()) {
                return XidErrors.bySlot(answer.output());
            }
            facts.put("xid_errors", "not seen: " + (answer == null ? "there is no dmesg" : answer.complaint()));
        } catch (Tool.SilentException e) {
            facts.put("xid_errors", "not seen: " + e.reason());
        }
        return Map.of();
    }

    /** A card that is divided is not given as a whole, only its instances are; what ails it ails them. */
    private static void add(
            GpuLines.Card card, @Nullable String error, List<GpuLines.Instance> instances, List<HostReport.Gpu> gpus) {
        if (!card.isDivided()) {
            gpus.add(new HostReport.Gpu(card.index(), card.uuid(), card.name(), card.memory(), error));
            return;
        }
        for (GpuLines.Instance instance : instances) {
            int index = FIRST_INSTANCE + card.index() * INSTANCES_OF_A_CARD + instance.device();
            if (instance.card() == card.index() && instance.device() < INSTANCES_OF_A_CARD && index <= LAST_INDEX) {
                gpus.add(new HostReport.Gpu(
                        index, instance.uuid(), card.name() + " MIG " + instance.profile(), instance.memory(), error));
            }
        }
    }

    private static void describe(GpuLines.Card card, Map<String, String> facts) {
        String summary = card.summary();
        if (!summary.isEmpty()) {
            facts.put("gpu." + card.index(), summary);
        }
        // For the alert on what is too hot.
        String celsius = card.field("temperature.gpu");
        if (celsius.matches("[0-9]{1,3}")) {
            facts.put("gpu." + card.index() + ".celsius", celsius);
        }
        String driver = card.field("driver_version");
        if (driver.matches("[0-9.]{3,20}")) {
            facts.put("nvidia_driver", driver);
        }
    }

    private static String words(List<String> trouble) {
        return trouble.isEmpty() ? "" : "nvidia-smi says of a GPU that we leave out: " + String.join("; ", trouble);
    }
}
