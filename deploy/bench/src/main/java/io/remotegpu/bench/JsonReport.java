package io.remotegpu.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The figures for programs: milliseconds, with the single samples. */
final class JsonReport {

    static void write(Figures figures, Path file) {
        var json = new LinkedHashMap<String, Object>();
        json.put("machine", figures.machine());
        for (var creation : figures.creations()) {
            var part = comparison(creation.comparison());
            part.put("engine", creation.engine());
            part.put("until_running", samples(creation.untilRunning()));
            json.put(creation.creation().part().word(), part);
        }
        var leftOut = new LinkedHashMap<String, Object>();
        figures.leftOut().forEach((part, why) -> leftOut.put(part.word(), why));
        json.put("left_out", leftOut);
        var control = figures.control();
        if (control != null) {
            var part = comparison(control.comparison());
            part.put("steps", control.steps());
            part.put("events", control.events());
            part.put("workflow_tasks", control.workflowTasks());
            json.put("control_plane", part);
        }
        var runs = new ArrayList<Map<String, Object>>();
        for (var run : figures.throughput()) {
            var part = samples(run.latencies());
            part.put("callers", run.callers());
            part.put("per_second", run.perSecond());
            part.put("cpu_ms_each", run.cpu());
            runs.add(part);
        }
        json.put("throughput", runs);
        json.put("throughput_target", Report.CREATES_PER_SECOND);
        try {
            var mapper = JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();
            Files.writeString(file, mapper.writeValueAsString(json) + "\n");
        } catch (IOException e) {
            throw new BenchException("the figures cannot be written to " + file + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> comparison(Comparison comparison) {
        var part = new LinkedHashMap<String, Object>();
        part.put("ours", samples(comparison.ours()));
        part.put("base", samples(comparison.base()));
        part.put("ratio", comparison.ratio());
        part.put("target", comparison.target());
        return part;
    }

    private static Map<String, Object> samples(Samples samples) {
        var part = new LinkedHashMap<String, Object>();
        part.put("name", samples.name());
        part.put("n", samples.count());
        part.put("p50_ms", samples.p50());
        part.put("p95_ms", samples.p95());
        part.put(
                "samples_ms", samples.nanos().stream().map(nanos -> nanos / 1e6).toList());
        return part;
    }

    private JsonReport() {}
}
