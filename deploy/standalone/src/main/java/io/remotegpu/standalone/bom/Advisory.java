package io.remotegpu.standalone.bom;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * What is known to be wrong with some versions of Maven artifacts: a record in the <a
 * href="https://ossf.github.io/osv-schema/">format of OSV</a>.
 *
 * @param aliases other ids of the same, such as its CVE
 * @param severity a word where its source gives one, otherwise CVSS vectors; {@code unknown} without
 * @param modified when it was last changed, RFC 3339
 * @param affected by group and artifact
 */
record Advisory(
        String id,
        List<String> aliases,
        String summary,
        String severity,
        String modified,
        Map<String, List<AffectedVersions>> affected) {

    private static final String MAVEN = "Maven";

    static Advisory of(JsonNode osv) {
        return new Advisory(
                osv.path("id").asString(""),
                each(osv.path("aliases")).map(JsonNode::asString).toList(),
                summary(osv),
                severity(osv),
                osv.path("modified").asString(""),
                // A record that was withdrawn says so of all that it had said.
                osv.hasNonNull("withdrawn") ? Map.of() : affected(osv));
    }

    boolean affects(Library library) {
        return of(library).anyMatch(versions -> versions.include(library.version()));
    }

    /** The lowest version above the library's that has it no more; {@code none yet} where none is known. */
    String fixedIn(Library library) {
        return of(library)
                .filter(versions -> versions.include(library.version()))
                .flatMap(versions -> versions.fixesAfter(library.version()))
                .min(AffectedVersions.ORDER)
                .orElse("none yet");
    }

    /** Whether somebody means this one, by whichever of its ids. */
    boolean isCalled(String name) {
        return id.equals(name) || aliases.contains(name);
    }

    private Stream<AffectedVersions> of(Library library) {
        return affected.getOrDefault(library.name(), List.of()).stream();
    }

    private static Map<String, List<AffectedVersions>> affected(JsonNode osv) {
        return each(osv.path("affected"))
                .filter(each -> isMaven(each.path("package").path("ecosystem").asString("")))
                .collect(Collectors.groupingBy(
                        each -> each.path("package").path("name").asString(""),
                        Collectors.mapping(AffectedVersions::of, Collectors.toList())));
    }

    /** The central repository's, and, {@code Maven:https://…}, those of others. */
    private static boolean isMaven(String ecosystem) {
        return ecosystem.equals(MAVEN) || ecosystem.startsWith(MAVEN + ":");
    }

    private static String summary(JsonNode osv) {
        var summary = osv.path("summary").asString("");
        return summary.isEmpty()
                ? osv.path("details").asString("").lines().findFirst().orElse("")
                : summary;
    }

    private static String severity(JsonNode osv) {
        var word = osv.path("database_specific").path("severity").asString("");
        if (!word.isEmpty()) {
            return word.toLowerCase(Locale.ROOT);
        }
        var vectors = each(osv.path("severity"))
                .map(each -> each.path("score").asString(""))
                .collect(Collectors.joining(" "));
        return vectors.isEmpty() ? "unknown" : vectors;
    }

    static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
