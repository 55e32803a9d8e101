package io.remotegpu.agent;

import io.remotegpu.activities.host.HostReport;
import io.remotegpu.activities.host.ReportSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * This machine, with a word to the terminal for each change that matters. A machine that cannot reach Temporal gets no
 * work, so it offers no engine: nothing is to be placed on it until it can.
 */
final class WatchedMachine implements ReportSource {

    private final ReportSource machine;
    private final Supplier<Optional<String>> temporalTrouble;
    private final String engineAddress;
    private final Console console;
    private String engines = "";
    private String temporal = "";

    /** @param engineAddress where a Docker engine is looked for */
    WatchedMachine(
            ReportSource machine, Supplier<Optional<String>> temporalTrouble, String engineAddress, Console console) {
        this.machine = machine;
        this.temporalTrouble = temporalTrouble;
        this.engineAddress = engineAddress;
        this.console = console;
    }

    @Override
    public HostReport report() throws IOException, InterruptedException {
        HostReport report = machine.report();
        Optional<String> trouble = temporalTrouble.get();
        if (Thread.interrupted()) {
            // The agent ends, and the question was broken off: that is no trouble of Temporal's.
            throw new InterruptedException("while asking Temporal");
        }
        say(report, trouble.orElse(""));
        return trouble.map(text -> withoutEngines(report, text)).orElse(report);
    }

    private void say(HostReport report, String trouble) {
        String found = report.modes().isEmpty()
                ? "no Docker engine answers at " + engineAddress
                        + ", and no libvirt: nothing is placed here until one does; DOCKER_HOST names another engine"
                : "answers: " + String.join(", ", report.offers());
        if (!found.equals(engines)) {
            console.say("Engine", found);
            engines = found;
        }
        if (!trouble.isEmpty() && temporal.isEmpty()) {
            console.say("Temporal", "does not answer (" + trouble + "); trying on, nothing is placed here until then");
        } else if (trouble.isEmpty() && !temporal.isEmpty()) {
            console.say("Temporal", "answers again");
        }
        temporal = trouble;
    }

    private static HostReport withoutEngines(HostReport report, String trouble) {
        Map<String, String> facts = new TreeMap<>(report.facts());
        facts.put("temporal_trouble", trouble);
        return new HostReport(
                report.id(),
                report.name(),
                report.address(),
                report.bindAddress(),
                List.of(),
                report.engines(),
                report.cpu(),
                report.memory(),
                report.gpus(),
                facts);
    }
}
