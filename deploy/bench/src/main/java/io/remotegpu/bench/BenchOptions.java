package io.remotegpu.bench;

import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the benchmark was asked for.
 *
 * @param url a server that runs, without {@code /api/v1}; absent for one of our own, from {@code serverJar}
 * @param user that server's admin
 * @param temporal host and port of that server's Temporal
 * @param json where the figures go as JSON
 * @param samples how often each latency is measured; absent for what is usual for each part
 * @param creates how many environments the throughput is measured with
 * @param callers how many callers create them at the same time
 * @param parts those that were named; empty for all that can be measured here
 * @param serverJar the standalone jar, for a server of our own
 */
record BenchOptions(
        @Nullable URI url,
        @Nullable String user,
        @Nullable String password,
        String temporal,
        @Nullable Path json,
        @Nullable Integer samples,
        int creates,
        int callers,
        Set<Part> parts,
        @Nullable Path serverJar) {

    private static final int USUAL_SAMPLES = 20;

    /** Of a part of which nobody says otherwise. */
    int samples(int usual) {
        return samples == null ? usual : samples;
    }

    int controlSamples() {
        return samples(USUAL_SAMPLES);
    }

    /** Everything that can be measured here, when no part was named. */
    boolean wants(Part part) {
        return parts.isEmpty() || parts.contains(part);
    }

    /** Whether this very part was named, so that it must be measured. */
    boolean insistsOn(Part part) {
        return parts.contains(part);
    }

    /** Throws {@link IllegalArgumentException} with words for the person who typed it. */
    static BenchOptions parse(List<String> arguments) {
        URI url = null;
        String user = null;
        String password = null;
        String temporal = "127.0.0.1:7233";
        Path json = null;
        Integer samples = null;
        int creates = 256;
        int callers = 64;
        Set<Part> parts = EnumSet.noneOf(Part.class);
        Path serverJar = null;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String flag = rest.next();
            switch (flag) {
                case "--url" -> url = URI.create(value(flag, rest).replaceAll("/+$", ""));
                case "--user" -> user = value(flag, rest);
                case "--password" -> password = value(flag, rest);
                case "--temporal" -> temporal = value(flag, rest);
                case "--json" -> json = Path.of(value(flag, rest));
                case "--samples" -> samples = count(flag, rest);
                case "--creates" -> creates = count(flag, rest);
                case "--callers" -> callers = count(flag, rest);
                case "--only" -> parts.add(Part.of(value(flag, rest)));
                case "--server-jar" -> serverJar = Path.of(value(flag, rest));
                default -> throw new IllegalArgumentException("bench does not know " + flag);
            }
        }
        if (url != null && (user == null || password == null)) {
            throw new IllegalArgumentException(
                    "--url wants --user and --password of an admin there, who sets quotas for the benchmark's user");
        }
        if (url == null && serverJar == null) {
            throw new IllegalArgumentException("without --url there must be --server-jar, as ./remotegpu bench gives");
        }
        return new BenchOptions(url, user, password, temporal, json, samples, creates, callers, parts, serverJar);
    }

    private static String value(String flag, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(flag + " wants a value");
        }
        return rest.next();
    }

    private static int count(String flag, Iterator<String> rest) {
        String text = value(flag, rest);
        try {
            int count = Integer.parseInt(text);
            if (count > 0) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(flag + " wants a positive number; it got " + text);
    }
}
