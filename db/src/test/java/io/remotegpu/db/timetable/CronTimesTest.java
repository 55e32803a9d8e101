package io.remotegpu.db.timetable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTimesTest {

    private static final ZoneId BERLIN = CronTimes.zone("Europe/Berlin");

    /** In 2026 Berlin's clock goes from 2 to 3 on the 29th of March, and back from 3 to 2 on the 25th of October. */
    @ParameterizedTest(name = "{0} after {1} is {2}")
    @CsvSource({
        // Monday to Friday, over a weekend
        "0 20 * * MON-FRI, 2026-11-20T18:00:00Z, 2026-11-20T19:00:00Z",
        "0 20 * * MON-FRI, 2026-11-20T19:00:00Z, 2026-11-23T19:00:00Z",
        // in summer an hour earlier
        "0 20 * * *,       2026-07-01T00:00:00Z, 2026-07-01T18:00:00Z",
        // a time that the clock skips comes as much later
        "30 2 * * *,       2026-03-29T00:00:00Z, 2026-03-29T01:30:00Z",
        "30 2 * * *,       2026-03-29T01:30:00Z, 2026-03-30T00:30:00Z",
        // one that it shows twice comes once, the first time
        "30 2 * * *,       2026-10-25T00:00:00Z, 2026-10-25T00:30:00Z",
        "30 2 * * *,       2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z",
        "0 0 29 2 *,       2026-01-01T00:00:00Z, 2028-02-28T23:00:00Z",
        // where both days are given, both have to fit
        "0 12 13 * FRI,    2026-01-01T00:00:00Z, 2026-02-13T11:00:00Z",
    })
    void aMomentIsATimeOfTheClockOnTheWall(String fields, Instant after, Instant expected) {
        var times = CronTimes.of(fields, BERLIN);

        assertThat(times.next(after)).contains(expected);
        assertThat(times.newest(after, expected)).contains(expected);
        assertThat(times.newest(after, expected.minusSeconds(1))).isEmpty();
    }

    @ParameterizedTest(name = "{0} at {2}")
    @CsvSource({
        // missed while nobody looked: only the newest, whether an hour ago or a year
        "0 20 * * *,       2026-11-01T00:00:00Z, 2026-11-23T19:30:00Z, 2026-11-23T19:00:00Z",
        "0 20 * * *,       2026-11-01T00:00:00Z, 2026-11-23T18:59:00Z, 2026-11-22T19:00:00Z",
        "* * * * *,        2020-01-01T00:00:00Z, 2026-11-23T19:30:30Z, 2026-11-23T19:30:00Z",
        "0 0 1 1 *,        2020-01-01T00:00:00Z, 2026-12-31T12:00:00Z, 2025-12-31T23:00:00Z",
        // the clock shows a quarter past two for the second time; half past two was there before
        "30 2 * * *,       2026-10-24T12:00:00Z, 2026-10-25T01:15:00Z, 2026-10-25T00:30:00Z",
    })
    void ofWhatWasMissedTheNewestIsFound(String fields, Instant after, Instant now, Instant expected) {
        assertThat(CronTimes.of(fields, BERLIN).newest(after, now)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "* * * *",
                "* * * * * *",
                "@daily",
                "60 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "* * * 13 *",
                "* * * * MONDAY",
                "0 0 30 2 *",
                "0 0 31 FEB *",
                "*/0 * * * *",
                "9-3 * * * *",
                "1,,2 * * * *",
                "0 20 * * MON-FRI\n",
                "99999999999999 * * * *",
                "0 20 * * ; DROP",
                "0 0 1W * MON#9"
            })
    void whatIsNoTimeIsRefusedAndSaysSo(String fields) {
        assertThatThrownBy(() -> CronTimes.of(fields, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as \"0 20 * * MON-FRI\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CEST", "+01:00", "Europe/Atlantis", "europe/berlin", "../etc/passwd"})
    void onlyAZoneOfTheListIsOne(String name) {
        assertThatThrownBy(() -> CronTimes.zone(name)).hasMessageContaining("IANA");
    }
}
