package io.remotegpu.standalone.bom;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which libraries are affected by which advisories.
 *
 * @param looked how many libraries were looked at
 * @param accepted how many findings were left out because somebody accepted them
 */
record Report(List<Finding> findings, int looked, int accepted, Advisories advisories) {

    record Finding(Library library, Advisory advisory) {}

    /** @param except ids of advisories that somebody looked at and accepted */
    static Report of(Materials materials, Advisories advisories, List<String> except) {
        var all = materials.libraries().stream()
                .flatMap(library -> advisories.records().stream()
                        .filter(advisory -> advisory.affects(library))
                        .map(advisory -> new Finding(library, advisory)))
                .toList();
        var open = all.stream()
                .filter(finding -> except.stream().noneMatch(finding.advisory()::isCalled))
                .toList();
        return new Report(open, materials.libraries().size(), all.size() - open.size(), advisories);
    }

    /** 0: none is affected; 1: one is. */
    int exitStatus() {
        return findings.isEmpty() ? 0 : 1;
    }

    String text() {
        var text = new StringBuilder();
        for (var finding : findings) {
            var advisory = finding.advisory();
            var library = finding.library();
            text.append(String.format(
                    Locale.ROOT,
                    "  %s %s  %s%n      %s %s%n      -> fixed in: %s%n",
                    library.name(),
                    library.version(),
                    advisory.severity(),
                    String.join(" ", names(advisory)),
                    advisory.summary(),
                    advisory.fixedIn(library)));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "%s known of %d libraries%s; %d advisories, the newest of %s%n",
                        findings.isEmpty() ? "No vulnerability is" : findings.size() + " vulnerabilities are",
                        looked,
                        accepted == 0 ? "" : ", beside " + accepted + " accepted",
                        advisories.records().size(),
                        advisories.newest()))
                .toString();
    }

    String json() {
        var report = new LinkedHashMap<String, Object>();
        report.put("exit_status", exitStatus());
        report.put("libraries", looked);
        report.put("advisories", advisories.records().size());
        report.put("advisories_newest", advisories.newest());
        report.put("accepted", accepted);
        report.put("findings", findings.stream().map(Report::json).toList());
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(report);
    }

    private static Map<String, Object> json(Finding finding) {
        var json = new LinkedHashMap<String, Object>();
        json.put("library", finding.library().name());
        json.put("version", finding.library().version());
        json.put("purl", finding.library().purl());
        json.put("id", finding.advisory().id());
        json.put("aliases", finding.advisory().aliases());
        json.put("severity", finding.advisory().severity());
        json.put("summary", finding.advisory().summary());
        json.put("fixed_in", finding.advisory().fixedIn(finding.library()));
        return json;
    }

    private static List<String> names(Advisory advisory) {
        return Stream.concat(Stream.of(advisory.id()), advisory.aliases().stream())
                .toList();
    }
}
