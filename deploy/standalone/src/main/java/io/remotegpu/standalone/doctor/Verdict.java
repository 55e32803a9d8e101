package io.remotegpu.standalone.doctor;

import io.remotegpu.activities.doctor.Diagnosis;
import io.remotegpu.activities.doctor.Diagnosis.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What all diagnoses together say: for people, for programs, and as an exit status. */
record Verdict(List<Diagnosis> diagnoses) {

    /** 0: all is well, or as the settings let it be; 1: something was found; 2: nothing was found, but not everything could be looked at. */
    int exitStatus() {
        if (has(State.FINDING)) {
            return 1;
        }
        return has(State.UNCHECKED) ? 2 : 0;
    }

    String text() {
        var text = new StringBuilder();
        for (var diagnosis : diagnoses) {
            var mark = switch (diagnosis.state()) {
                case FINE -> "ok";
                case FINDING -> "FOUND";
                case WARNING -> "warning";
                case UNCHECKED -> "not seen";
            };
            text.append(String.format(Locale.ROOT, "  %-9s %-11s %s%n", mark, diagnosis.area(), diagnosis.what()));
            if (diagnosis.remedy() != null) {
                text.append(String.format(Locale.ROOT, "  %-21s %s%n", "", "-> " + diagnosis.remedy()));
            }
        }
        return text.append('\n').append(summary()).append('\n').toString();
    }

    private String summary() {
        var found = count(State.FINDING);
        var unchecked = count(State.UNCHECKED);
        var warnings = count(State.WARNING);
        var warned = warnings == 0 ? "" : "; " + warnings + (warnings == 1 ? " warning" : " warnings");
        var seen = unchecked == 0 ? "" : "; " + unchecked + " could not be looked at";
        return (found == 0 ? "Nothing wrong was found" : found + (found == 1 ? " finding" : " findings"))
                + warned
                + seen;
    }

    String json() {
        var report = new LinkedHashMap<String, Object>();
        report.put("exit_status", exitStatus());
        report.put("findings", count(State.FINDING));
        report.put("warnings", count(State.WARNING));
        report.put("unchecked", count(State.UNCHECKED));
        report.put("checks", diagnoses.stream().map(Verdict::json).toList());
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(report);
    }

    private static Map<String, Object> json(Diagnosis diagnosis) {
        var check = new LinkedHashMap<String, Object>();
        check.put("area", diagnosis.area());
        check.put("state", diagnosis.state().wireName());
        check.put("what", diagnosis.what());
        if (diagnosis.remedy() != null) {
            check.put("remedy", diagnosis.remedy());
        }
        return check;
    }

    private boolean has(State state) {
        return count(state) > 0;
    }

    private long count(State state) {
        return diagnoses.stream()
                .filter(diagnosis -> diagnosis.state() == state)
                .count();
    }
}
