package io.remotegpu.db.idle;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.drivers.spi.Activity;
import java.time.Duration;
import java.time.Instant;
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
            rows.add(id, FIRST_PASS.plus(Duration.ofMinutes(at)), new Activity(at, null, null, null), null);
        }

        assertThat(rows.newestSamples(id, 3))
                .extracting(sample -> sample.activity().connections())
                .containsExactly(2, 3, 4);
    }
}
