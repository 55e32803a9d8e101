package io.remotegpu.standalone.bom;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.artifact.versioning.ComparableVersion;
import tools.jackson.databind.JsonNode;

/**
 * Which versions of one artifact an advisory is about, <a href="https://ossf.github.io/osv-schema/#evaluation">evaluated as OSV says</a>,
 * in Maven's own order of versions.
 *
 * @param listed each by itself
 * @param ranges of versions from one to before another, several times over
 */
record AffectedVersions(Set<String> listed, List<Range> ranges) {

    /** As Maven orders them: {@code 1.0-rc1}, {@code 1.0}, {@code 1.0.1}, {@code 1.10}. */
    static final Comparator<String> ORDER = Comparator.comparing(ComparableVersion::new);

    /** Before every other version. */
    private static final String BEGINNING = "0";

    static AffectedVersions of(JsonNode affected) {
        return new AffectedVersions(
                Advisory.each(affected.path("versions")).map(JsonNode::asString).collect(Collectors.toSet()),
                Advisory.each(affected.path("ranges"))
                        // those of type GIT are of commits
                        .filter(range -> !range.path("type").asString("").equals("GIT"))
                        .map(Range::of)
                        .toList());
    }

    boolean include(String version) {
        return listed.contains(version) || ranges.stream().anyMatch(range -> range.includes(version));
    }

    Stream<String> fixesAfter(String version) {
        return ranges.stream()
                .flatMap(range -> range.events().stream())
                .filter(event -> event.kind() == Kind.FIXED && ORDER.compare(event.version(), version) > 0)
                .map(Event::version);
    }

    /** In the order in which they hold where two are of one version. */
    enum Kind {
        INTRODUCED,
        FIXED,
        LAST_AFFECTED,
        LIMIT;

        private String key() {
            return switch (this) {
                case INTRODUCED -> "introduced";
                case FIXED -> "fixed";
                case LAST_AFFECTED -> "last_affected";
                case LIMIT -> "limit";
            };
        }
    }

    /** From this version on, or, for the last affected one, after it, something is so or not so any more. */
    record Event(Kind kind, String version) {

        static Stream<Event> of(JsonNode event) {
            return Stream.of(Kind.values())
                    .filter(kind -> event.hasNonNull(kind.key()))
                    .map(kind -> new Event(kind, event.path(kind.key()).asString()));
        }

        static int compare(Event one, Event other) {
            var first = one.isBeginning();
            if (first || other.isBeginning()) {
                return Boolean.compare(other.isBeginning(), first);
            }
            var order = ORDER.compare(one.version, other.version);
            return order != 0 ? order : one.kind.compareTo(other.kind);
        }

        boolean isBeginning() {
            return kind == Kind.INTRODUCED && version.equals(BEGINNING);
        }
    }

    record Range(List<Event> events) {

        static Range of(JsonNode range) {
            return new Range(Advisory.each(range.path("events"))
                    .flatMap(Event::of)
                    .sorted(Event::compare)
                    .toList());
        }

        boolean includes(String version) {
            var affected = false;
            for (var event : events) {
                var order = ORDER.compare(version, event.version());
                switch (event.kind()) {
                    case INTRODUCED -> affected |= event.isBeginning() || order >= 0;
                    case FIXED -> affected &= order < 0;
                    case LAST_AFFECTED -> affected &= order <= 0;
                    case LIMIT -> {}
                }
            }
            return affected && isWithinLimits(version);
        }

        private boolean isWithinLimits(String version) {
            var limits = events.stream()
                    .filter(event -> event.kind() == Kind.LIMIT)
                    .map(Event::version)
                    .toList();
            return limits.isEmpty() || limits.stream().anyMatch(limit -> ORDER.compare(version, limit) < 0);
        }
    }
}
