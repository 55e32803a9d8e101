package io.remotegpu.db.idle;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.drivers.spi.Activity;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class IdleRowsIT extends DatabaseTest {

    private static final Instant FIRST_PASS = Instant.parse("2026-11-23T10:00:00Z");

    @Autowired
    private IdleRows rows;

    @Test
    void theNewestSamplesComeOldestFirst() {
        host("h1", 0);
        var id = running(user("ann"), Specs.terminal("a", 0));
        for (int at = 0; at < 5; at++) {
            look(id, FIRST_PASS.plus(Duration.ofMinutes(at)), new Activity(at, null, null, null), null);
        }

        assertThat(rows.newestSamples(id, 3))
                .extracting(sample -> sample.activity().connections())
                .containsExactly(2, 3, 4);
    }

    @Test
    void aLookTellsOfTheTimeSinceTheLookBefore() {
        host("h1", 1);
        var id = running(user("ann"), Specs.terminal("a", 1));
        var pass = FIRST_PASS;
        for (var percent : Arrays.asList(0, 5, 6, 100, null, 0)) {
            minutePasses();
            pass = pass.plusSeconds(60);
            look(id, pass, gpu(percent), null);
        }
        look(id, pass, gpu(77), null);

        var at = times(id);
        var start = startOf(id);
        assertThat(uses(id))
                .containsExactly(
                        new Use(start, at.get(1), false),
                        new Use(at.get(1), at.get(3), true),
                        new Use(at.get(4), at.get(5), false));

        minutePasses();
        look(id, pass.plusSeconds(60), gpu(0), "the host is away");
        for (int i = 0; i < 4; i++) {
            minutePasses();
        }
        look(id, pass.plusSeconds(300), gpu(0), null);
        assertThat(uses(id)).as("nothing is known over a gap").hasSize(3);
        minutePasses();
        look(id, pass.plusSeconds(360), gpu(9), null);
        assertThat(uses(id))
                .hasSize(4)
                .last()
                .isEqualTo(new Use(times(id).get(7), times(id).get(8), true));
    }

    private record Use(Instant since, Instant until, boolean busy) {}

    private void look(UUID id, Instant pass, Activity activity, @Nullable String trouble) {
        rows.add(id, pass, startOf(id), activity, trouble, 5, Duration.ofMinutes(3));
    }

    private static Activity gpu(@Nullable Integer percent) {
        return new Activity(null, null, percent, null);
    }

    /** All that was is a minute longer ago. */
    private void minutePasses() {
        jdbc.sql("UPDATE environments SET started_at = started_at - interval '1 minute'")
                .update();
        jdbc.sql("UPDATE activity_samples SET at = at - interval '1 minute'").update();
        // Not at once: one row would overlap the next for a moment.
        jdbc.sql("SELECT environment_id, since FROM gpu_use_log ORDER BY since")
                .query((row, _) -> List.of(row.getObject(1), row.getObject(2)))
                .list()
                .forEach(key -> jdbc.sql("""
                                        UPDATE gpu_use_log SET since = since - interval '1 minute', until = until - interval '1 minute'
                                        WHERE environment_id = ? AND since = ?""").params(key).update());
    }

    private Instant startOf(UUID id) {
        return times("SELECT started_at FROM environments WHERE id = ?", id).getFirst();
    }

    private List<Instant> times(UUID id) {
        return times("SELECT at FROM activity_samples WHERE environment_id = ? ORDER BY pass", id);
    }

    private List<Instant> times(String sql, UUID id) {
        return jdbc.sql(sql)
                .param(id)
                .query((row, _) -> row.getTimestamp(1).toInstant())
                .list();
    }

    private List<Use> uses(UUID id) {
        return jdbc.sql("SELECT * FROM gpu_use_log WHERE environment_id = ? ORDER BY since")
                .param(id)
                .query((row, _) -> new Use(
                        row.getTimestamp("since").toInstant(),
                        row.getTimestamp("until").toInstant(),
                        row.getBoolean("busy")))
                .list();
    }
}
