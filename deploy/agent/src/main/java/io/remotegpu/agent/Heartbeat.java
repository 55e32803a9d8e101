package io.remotegpu.agent;

import io.remotegpu.activities.host.HostReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A report as the server reads it: what an engine or a tool said is cut and cleaned to what the server takes. */
final class Heartbeat {

    private static final int LONGEST_FACT = 1000;
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_ERROR = 500;
    private static final int MOST_FACTS = 100;

    static Map<String, Object> of(HostReport report) {
        var body = new LinkedHashMap<String, Object>();
        body.put("cpu", report.cpu());
        body.put("memory", report.memory());
        body.put("deployment_modes", report.modes());
        body.put("gpus", report.gpus().stream().map(Heartbeat::gpu).toList());
        body.put("facts", facts(report.facts()));
        return body;
    }

    private static Map<String, Object> gpu(HostReport.Gpu gpu) {
        var device = new LinkedHashMap<String, Object>();
        device.put("gpu_index", gpu.index());
        device.put("uuid", gpu.uuid());
        device.put("model", clean(gpu.model(), LONGEST_NAME));
        device.put("memory", gpu.memory());
        String error = gpu.error();
        if (error != null) {
            device.put("error", error(error));
        }
        return device;
    }

    /** What is wrong with a GPU, as the server takes it. */
    static String error(String text) {
        return clean(text, LONGEST_ERROR);
    }

    private static Map<String, String> facts(Map<String, String> facts) {
        return facts.entrySet().stream()
                .limit(MOST_FACTS)
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        fact -> clean(fact.getValue(), LONGEST_FACT),
                        (one, other) -> one,
                        LinkedHashMap::new));
    }

    /** Without what no text of ours may have: control characters, and halves of characters. */
    static String clean(String text, int longest) {
        String clean = text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? ' ' : c)
                .limit(longest)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        return clean.length() <= longest ? clean : clean.substring(0, longest - 1);
    }

    /** The newest lines that fit into so many bytes of JSON, without what no text of ours may have. */
    static List<String> newest(List<String> lines, int bytes) {
        int room = bytes;
        int first = lines.size();
        var clean = clean(lines);
        while (first > 0 && room >= size(clean.get(first - 1))) {
            first--;
            room -= size(clean.get(first));
        }
        return clean.subList(first, clean.size());
    }

    /** Without what no text of ours may have. */
    static List<String> clean(List<String> lines) {
        return lines.stream().map(Heartbeat::line).toList();
    }

    private static String line(String line) {
        return line.codePoints()
                .map(c -> c == 0 || Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Of a line in JSON, with quotes and comma; a little too much rather than too little. */
    private static int size(String line) {
        return 3
                + line.chars()
                        .map(c -> c < 0x20 || c == 0x7F ? 6 : c == '"' || c == '\\' ? 2 : c < 0x80 ? 1 : 3)
                        .sum();
    }

    private Heartbeat() {}
}
