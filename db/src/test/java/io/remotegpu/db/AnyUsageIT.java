package io.remotegpu.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.usage.Dimension;
import io.remotegpu.db.usage.UsageAmounts;
import io.remotegpu.db.usage.UsagePrices;
import io.remotegpu.db.usage.UsageQuery;
import io.remotegpu.db.usage.UsageReports;
import io.remotegpu.db.usage.UsageRow;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whatever was held by whom, the report is what plain arithmetic says, and comes to the same however it is added up. */
class AnyUsageIT {

    private static final UsagePrices PRICES = new UsagePrices(
            Map.of("model 0", new BigDecimal("2.50")),
            new BigDecimal("0.333333"),
            new BigDecimal("0.01"),
            new BigDecimal("0.001"),
            new BigDecimal("0.0001"));

    /** Started once; ends with the JVM. */
    private static final class Application {
        static final ConfigurableApplicationContext CONTEXT = new SpringApplicationBuilder(TestApplication.class)
                .web(WebApplicationType.NONE)
                .initializers(new TestApplication.OnTestDatabase())
                .run();
    }

    /** An environment that held a place of a host, some GPUs and storage, each for a time of its own. */
    record Episode(int environment, int host, int gpus, long start, long length, boolean open) {}

    /** What looks at an environment said of a time. */
    record Seen(int environment, long start, long length, boolean busy) {}

    @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
    void addsUpToWhatWasHeld(
            @ForAll("episodes") List<Episode> episodes,
            @ForAll("looks") List<Seen> looks,
            @ForAll @LongRange(min = 0, max = 40) long firstDay,
            @ForAll @LongRange(min = 0, max = 3_000_000_000_000L) long microseconds) {
        var past = new UsageModel();
        episodes.forEach(past::happened);
        looks.forEach(past::seen);
        past.write(Application.CONTEXT.getBean(JdbcClient.class));
        var from = UsageModel.BEGIN.plus(Duration.ofDays(firstDay)).plusNanos(microseconds * 7 % 1_000_000 * 1000);
        var to = from.plusNanos(microseconds * 1000);
        var reports = Application.CONTEXT.getBean(UsageReports.class);

        var all = reports.report(new UsageQuery(from, to, null, Set.of()), PRICES, 0, 10);
        for (var dimension : Dimension.values()) {
            var report = reports.report(new UsageQuery(from, to, null, Set.of(dimension)), PRICES, 0, 10_000);
            assertThat(keyed(dimension, report.rows()))
                    .as("by " + dimension)
                    .isEqualTo(past.expected(dimension, from, to));
            assertThat(report.total()).isEqualTo(report.rows().size());
            // However it is added up, it is the same: to the microsecond, and to the last digit of the price.
            assertSame(added(report.rows()), all.sum());
            assertSame(report.sum(), all.sum());
        }
        var finest = EnumSet.complementOf(EnumSet.of(Dimension.MONTH));
        assertSame(
                added(reports.report(new UsageQuery(from, to, null, finest), PRICES, 0, 100_000)
                        .rows()),
                all.sum());
        // Each user's own report is their part of it, and two halves of the time are the whole.
        var own = UsageAmounts.NONE;
        for (var user : past.users()) {
            own = own.plus(reports.report(new UsageQuery(from, to, user, Set.of()), PRICES, 0, 10)
                    .sum());
        }
        assertSame(own, all.sum());
        var middle = from.plusNanos(microseconds / 3 * 1000);
        assertSame(
                reports.report(new UsageQuery(from, middle, null, Set.of()), PRICES, 0, 10)
                        .sum()
                        .plus(reports.report(new UsageQuery(middle, to, null, Set.of()), PRICES, 0, 10)
                                .sum()),
                all.sum());
    }

    private static void assertSame(UsageAmounts one, UsageAmounts other) {
        assertThat(one)
                .usingRecursiveComparison()
                .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                .isEqualTo(other);
    }

    private static UsageAmounts added(List<UsageRow> rows) {
        return rows.stream().map(UsageRow::amounts).reduce(UsageAmounts.NONE, UsageAmounts::plus);
    }

    private static Map<String, List<BigInteger>> keyed(Dimension dimension, List<UsageRow> rows) {
        var keyed = new TreeMap<String, List<BigInteger>>();
        for (var row : rows) {
            Object key = switch (dimension) {
                case USER -> row.userId();
                case HOST -> row.hostId();
                case MODEL -> row.model();
                case ENVIRONMENT -> row.environmentId();
                case DAY, MONTH -> row.periodStart();
            };
            var amounts = row.amounts();
            var before = keyed.put(
                    String.valueOf(key),
                    List.of(
                            amounts.gpu().toBigIntegerExact(),
                            amounts.cpu().toBigIntegerExact(),
                            amounts.memory().toBigIntegerExact(),
                            amounts.storage().toBigIntegerExact(),
                            amounts.gpuBusy().toBigIntegerExact(),
                            amounts.gpuIdle().toBigIntegerExact()));
            assertThat(amounts.gpuUnseenSeconds()).isNotNegative();
            assertThat(amounts.gpuBusySeconds().add(amounts.gpuIdleSeconds()).add(amounts.gpuUnseenSeconds()))
                    .isEqualByComparingTo(amounts.gpuSeconds());
            assertThat(before).as("a second row of " + key).isNull();
        }
        return keyed;
    }

    @Provide
    Arbitrary<List<Seen>> looks() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.longs().between(0, Duration.ofDays(60).toSeconds() * 1_000_000),
                        Arbitraries.longs().between(1, Duration.ofDays(9).toSeconds() * 1_000_000),
                        Arbitraries.of(true, false))
                .as(Seen::new)
                .list()
                .ofMaxSize(30);
    }

    @Provide
    Arbitrary<List<Episode>> episodes() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.longs().between(0, Duration.ofDays(60).toSeconds() * 1_000_000),
                        Arbitraries.longs().between(0, Duration.ofDays(20).toSeconds() * 1_000_000),
                        Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true)))
                .as(Episode::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }
}
