package io.remotegpu.db.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.drivers.spi.OperationKind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Usage of environments that really ran, stopped, failed and went. */
class UsageReportsIT extends DatabaseTest {

    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant FAR_AHEAD = Instant.parse("2099-01-01T00:00:00Z");

    @Autowired
    private UsageReports reports;

    @Test
    void whatRunsCountsUntilNowAndWhatIsStoppedCountsItsStorageOnly() {
        host("h1", 4);
        var ann = user("ann");
        var runs = running(ann, Specs.terminal("runs", 2));
        var rests = stopped(ann, Specs.terminal("rests", 1));

        var first = sum(null);
        var second = sum(null);

        assertThat(first.gpu()).isPositive();
        assertThat(second.gpu()).isGreaterThan(first.gpu());
        var before = of(rests);
        var after = of(rests);
        assertThat(before.gpu()).isPositive().isEqualByComparingTo(after.gpu());
        assertThat(before.cpu()).isEqualByComparingTo(after.cpu());
        assertThat(after.storage()).isGreaterThan(before.storage());
        assertThat(of(runs).gpu()).isLessThan(sum(null).gpu());
    }

    @Test
    void whatFailedCountsWhatItHeldUntilItGaveItBack() {
        host("h1", 4);
        var id = running(user("ann"), Specs.terminal("fails", 1));
        lifecycle.begin(id, "stop-" + id, OperationKind.STOP, "ann");
        allocations.release(id);
        reservations.release(id);

        var rested = of(id);
        assertThat(rested.gpu()).isPositive();
        assertThat(of(id)).isEqualTo(rested);
        // The log is of the database's clock: the sum is exactly what its own rows say.
        assertThat(rested.gpuSeconds())
                .isEqualByComparingTo(
                        jdbc.sql("SELECT extract(epoch FROM held_to - held_from) FROM holding_log WHERE kind = 'gpu'")
                                .query(BigDecimal.class)
                                .single());
    }

    @Test
    void aGpuKeepsTheModelThatItHadAndTheHistoryOutlivesEverything() {
        host("h1", 2);
        var ann = user("ann");
        var id = stopped(ann, Specs.terminal("was", 2));
        jdbc.sql("UPDATE gpus SET model = 'another'").update();
        jdbc.sql("DELETE FROM reservations").update();
        jdbc.sql("DELETE FROM environments").update();
        jdbc.sql("DELETE FROM gpus").update();
        jdbc.sql("DELETE FROM hosts").update();
        jdbc.sql("DELETE FROM users").update();

        var report = report(null, Dimension.USER, Dimension.MODEL, Dimension.ENVIRONMENT, Dimension.HOST);

        assertThat(report.rows())
                .filteredOn(row -> row.model() != null)
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.model()).isEqualTo(H100);
                    assertThat(row.hostId()).isEqualTo("h1");
                    assertThat(row.userId()).isEqualTo(ann);
                    assertThat(row.username()).isNull();
                    assertThat(row.environmentId()).isEqualTo(id);
                    assertThat(row.amounts().gpu()).isPositive();
                });
    }

    @Test
    void pagesAreOfTheSameWhole() {
        host("h1", 0);
        for (var name : Set.of("a", "b", "c")) {
            running(user(name), Specs.terminal(name, 0));
        }
        var query = new UsageQuery(LONG_AGO, FAR_AHEAD, null, Set.of(Dimension.USER));

        var page = reports.report(query, UsagePrices.NONE, 1, 1);

        assertThat(page.rows()).hasSize(1);
        assertThat(page.total()).isEqualTo(3);
        assertThat(page.sum().cpu())
                .isGreaterThan(page.rows().getFirst().amounts().cpu());
        assertThat(page.to())
                .isBetween(
                        Instant.now().minus(Duration.ofHours(1)), Instant.now().plusSeconds(60));
    }

    @Test
    void aTimeWithoutAnythingIsEmpty() {
        var future = reports.report(
                new UsageQuery(FAR_AHEAD.minusSeconds(60), FAR_AHEAD, null, Set.of(Dimension.DAY)),
                UsagePrices.NONE,
                0,
                5);
        var past = reports.report(
                new UsageQuery(LONG_AGO, LONG_AGO.plusSeconds(9), null, Set.of()), UsagePrices.NONE, 0, 5);

        assertThat(future.rows()).isEmpty();
        assertThat(past.rows()).isEmpty();
        assertThat(past.sum().cost(UsagePrices.NONE)).isEqualByComparingTo("0");
    }

    @Test
    void costsAreThoseOfHoursAndGiBs() {
        var hour = BigDecimal.valueOf(3_600_000_000L);
        var gib = BigDecimal.valueOf(GIB);
        var amounts = new UsageAmounts(
                hour.multiply(BigDecimal.TWO),
                hour.multiply(BigDecimal.valueOf(4)),
                hour.multiply(gib).multiply(BigDecimal.valueOf(8)),
                hour.multiply(gib).multiply(BigDecimal.valueOf(100)),
                hour.divide(BigDecimal.TWO),
                hour,
                hour.multiply(new BigDecimal("5.00")));
        var prices = new UsagePrices(
                Map.of(), BigDecimal.ZERO, new BigDecimal("0.02"), new BigDecimal("0.005"), new BigDecimal("0.0001"));

        assertThat(amounts.cost(prices)).isEqualByComparingTo("5.13");
        assertThat(amounts.gpuHours()).isEqualByComparingTo("2");
        assertThat(amounts.gpuUnseenSeconds()).isEqualByComparingTo("1800");
        assertThat(amounts.gpuIdleShare()).isEqualByComparingTo("0.6667");
        assertThat(amounts.memoryGibHours()).isEqualByComparingTo("8");
    }

    private UsageAmounts of(UUID id) {
        return report(null, Dimension.ENVIRONMENT).rows().stream()
                .filter(row -> id.equals(row.environmentId()))
                .map(UsageRow::amounts)
                .findFirst()
                .orElseThrow();
    }

    private UsageAmounts sum(@Nullable Long user) {
        return report(user).sum();
    }

    private UsageReports.Report report(@Nullable Long user, Dimension... by) {
        return reports.report(new UsageQuery(LONG_AGO, FAR_AHEAD, user, Set.of(by)), UsagePrices.NONE, 0, 100);
    }
}
