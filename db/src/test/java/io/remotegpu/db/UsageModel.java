package io.remotegpu.db;

import io.remotegpu.db.usage.Dimension;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What was held, as a list; and what it comes to, computed as one would by hand: piece by piece, in whole numbers. */
final class UsageModel {

    static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int GPUS = 6;
    private static final long GIB = 1L << 30;

    /** One row of the log; {@code until} is null for one that is held still. */
    private record Held(
            String kind,
            String thing,
            int environment,
            @Nullable String host,
            @Nullable String model,
            int cpu,
            long memory,
            long storage,
            Instant since,
            @Nullable Instant until) {

        boolean overlaps(Instant from, @Nullable Instant to) {
            return (to == null || since.isBefore(to)) && (until == null || from.isBefore(until));
        }
    }

    private final List<Held> log = new ArrayList<>();
    private final List<Use> uses = new ArrayList<>();

    /** What looks at an environment said of the use of its GPUs. */
    private record Use(int environment, Instant since, Instant until, boolean busy) {

        long within(int held, Instant from, Instant to) {
            var begin = since.isAfter(from) ? since : from;
            var end = until.isBefore(to) ? until : to;
            return environment == held && begin.isBefore(end) ? ChronoUnit.MICROS.between(begin, end) : 0;
        }
    }

    /** Writes down what an episode takes, as far as nobody else has it. */
    void happened(AnyUsageIT.Episode episode) {
        var since = BEGIN.plus(episode.start(), ChronoUnit.MICROS);
        var until = since.plus(episode.length(), ChronoUnit.MICROS);
        var end = episode.open() ? null : until;
        var host = "host-" + episode.host();
        var environment = episode.environment();
        if (log.stream().noneMatch(row -> row.environment() == environment && row.overlaps(since, end))) {
            log.add(new Held(
                    "host", "host/" + host, environment, host, null, 1 + environment, 3 * GIB + 1, 0, since, end));
            // Admitted before it had a place, and deleted some time after it was stopped.
            var deleted = end == null ? null : until.plus(episode.length() / 2, ChronoUnit.MICROS);
            if (log.stream()
                    .noneMatch(row -> row.kind().equals("quota")
                            && row.environment() == environment
                            && row.overlaps(since.minusMillis(1500), deleted))) {
                log.add(new Held(
                        "quota",
                        "user/" + user(environment),
                        environment,
                        null,
                        null,
                        0,
                        0,
                        10 * GIB + 7,
                        since.minusMillis(1500),
                        deleted));
            }
            for (int i = 0; i < episode.gpus(); i++) {
                gpu((episode.host() + 3 * i) % GPUS, environment, host, since, end);
            }
        }
    }

    private void gpu(int gpu, int environment, String host, Instant since, @Nullable Instant until) {
        var thing = "gpu/" + gpu;
        if (log.stream().noneMatch(row -> row.thing().equals(thing) && row.overlaps(since, until))) {
            log.add(new Held("gpu", thing, environment, host, "Model " + gpu % 2, 0, 0, 0, since, until));
        }
    }

    /** Writes down what was seen, as far as nothing else was seen then. */
    void seen(AnyUsageIT.Seen seen) {
        var since = BEGIN.plus(seen.start(), ChronoUnit.MICROS);
        var use = new Use(seen.environment(), since, since.plus(seen.length(), ChronoUnit.MICROS), seen.busy());
        if (uses.stream().allMatch(other -> other.within(use.environment(), use.since(), use.until()) == 0)) {
            uses.add(use);
        }
    }

    List<Long> users() {
        return List.of(user(0), user(1));
    }

    private static long user(int environment) {
        return 1 + environment % 2;
    }

    private static UUID id(int environment) {
        return new UUID(7, environment);
    }

    void write(JdbcClient jdbc) {
        jdbc.sql("TRUNCATE holding_log, gpu_use_log").update();
        for (var row : log) {
            jdbc.sql("""
                            INSERT INTO holding_log (kind, thing, environment_id, user_id, host_id, model, cpu, memory, storage,
                                held_from, held_to)
                            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                    .params(
                            row.kind(),
                            row.thing(),
                            id(row.environment()),
                            user(row.environment()),
                            row.host(),
                            row.model(),
                            row.cpu(),
                            row.memory(),
                            row.storage(),
                            Timestamp.from(row.since()),
                            row.until() == null ? null : Timestamp.from(row.until()))
                    .update();
        }
        for (var use : uses) {
            jdbc.sql("INSERT INTO gpu_use_log (environment_id, since, until, busy) VALUES (?, ?, ?, ?)")
                    .params(id(use.environment()), Timestamp.from(use.since()), Timestamp.from(use.until()), use.busy())
                    .update();
        }
    }

    /** By key: microseconds of GPUs, cores, bytes of memory, bytes of storage, GPUs seen busy, and seen idle. */
    Map<String, List<BigInteger>> expected(Dimension dimension, Instant from, Instant to) {
        var expected = new TreeMap<String, List<BigInteger>>();
        for (var row : log) {
            for (var piece : row.kind().equals("quota") ? atPlaces(row) : List.of(row)) {
                var since = piece.since().isBefore(from) ? from : piece.since();
                var until = piece.until() == null || piece.until().isAfter(to) ? to : piece.until();
                while (since.isBefore(until)) {
                    var border = dimension.isPeriod() ? after(dimension, since) : until;
                    var end = border.isBefore(until) ? border : until;
                    add(expected, key(dimension, piece, since), piece, since, end);
                    since = end;
                }
            }
        }
        return expected;
    }

    /** Storage, cut where its environment was placed anew: it counts where that was last. */
    private List<Held> atPlaces(Held storage) {
        var places = log.stream()
                .filter(row -> row.kind().equals("host") && row.environment() == storage.environment())
                .sorted(Comparator.comparing(Held::since))
                .toList();
        var pieces = new ArrayList<Held>();
        var since = storage.since();
        String host = null;
        for (var place : places) {
            if (!place.since().isAfter(since)) {
                host = place.host();
            } else if (storage.until() == null || place.since().isBefore(storage.until())) {
                pieces.add(on(host, storage, since, place.since()));
                since = place.since();
                host = place.host();
            }
        }
        pieces.add(on(host, storage, since, storage.until()));
        return pieces;
    }

    private static Held on(@Nullable String host, Held storage, Instant since, @Nullable Instant until) {
        return new Held(
                "quota", storage.thing(), storage.environment(), host, null, 0, 0, storage.storage(), since, until);
    }

    private static Instant after(Dimension dimension, Instant moment) {
        var day = moment.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS);
        return (dimension == Dimension.DAY
                        ? day.plusDays(1)
                        : day.withDayOfMonth(1).plusMonths(1))
                .toInstant();
    }

    private static String key(Dimension dimension, Held row, Instant since) {
        var day = since.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS);
        return switch (dimension) {
            case USER -> String.valueOf(user(row.environment()));
            case HOST -> String.valueOf(row.host());
            case MODEL -> String.valueOf(row.model());
            case ENVIRONMENT -> id(row.environment()).toString();
            case DAY -> day.toInstant().toString();
            case MONTH -> day.withDayOfMonth(1).toInstant().toString();
        };
    }

    private void add(Map<String, List<BigInteger>> sums, String key, Held row, Instant since, Instant until) {
        var us = BigInteger.valueOf(ChronoUnit.MICROS.between(since, until));
        var piece = List.of(
                row.kind().equals("gpu") ? us : BigInteger.ZERO,
                us.multiply(BigInteger.valueOf(row.cpu())),
                us.multiply(BigInteger.valueOf(row.memory())),
                us.multiply(BigInteger.valueOf(row.storage())),
                used(row, true, since, until),
                used(row, false, since, until));
        sums.merge(
                key,
                piece,
                (one, other) -> List.of(
                        one.get(0).add(other.get(0)),
                        one.get(1).add(other.get(1)),
                        one.get(2).add(other.get(2)),
                        one.get(3).add(other.get(3)),
                        one.get(4).add(other.get(4)),
                        one.get(5).add(other.get(5))));
    }

    private BigInteger used(Held row, boolean busy, Instant since, Instant until) {
        return BigInteger.valueOf(
                !row.kind().equals("gpu")
                        ? 0
                        : uses.stream()
                                .filter(use -> use.busy() == busy)
                                .mapToLong(use -> use.within(row.environment(), since, until))
                                .sum());
    }
}
