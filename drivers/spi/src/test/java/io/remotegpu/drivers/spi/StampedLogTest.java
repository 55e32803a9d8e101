package io.remotegpu.drivers.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StampedLogTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private final List<String> log = new ArrayList<>();
    private String run = "run-1";
    private @Nullable String position;

    private void write(long millis, String text) {
        log.add(START.plusMillis(millis) + " " + text + "\n");
    }

    private void source(@Nullable Integer tail, @Nullable Instant since, StampedLog.Reader reader) {
        var from = tail == null ? 0 : Math.max(0, log.size() - tail);
        for (var line : log.subList(from, log.size())) {
            var old = since != null
                    && Instant.parse(line.substring(0, line.indexOf(' '))).isBefore(since);
            if (!old && !reader.line(line)) {
                return;
            }
        }
    }

    private List<String> read(int tail) {
        var part = StampedLog.read(run, position, tail, this::source);
        assertThat(part.position()).hasSizeLessThan(LogPart.LONGEST_POSITION).matches("[\\x21-\\x7e]+");
        position = part.position();
        return part.lines();
    }

    @Test
    void beginsWithTheLastLinesAndGoesOnBehindThem() {
        write(1, "a");
        write(2, "b");
        write(3, "c");
        assertThat(read(2)).containsExactly("b", "c");
        assertThat(read(2)).isEmpty();
        write(4, "d");
        write(5, "e");
        write(6, "f");
        assertThat(read(2)).containsExactly("d", "e", "f");
        assertThat(read(2)).isEmpty();
    }

    @Test
    void ofAnEmptyLogEverythingIsStillToCome() {
        assertThat(read(1)).isEmpty();
        write(1, "a");
        write(2, "b");
        assertThat(read(1)).containsExactly("a", "b");
    }

    @Test
    void withoutComputeEverythingOfTheNextIsStillToCome() {
        position = StampedLog.none(null).position();
        write(1, "a");
        write(2, "b");
        assertThat(read(1)).containsExactly("a", "b");
        position = StampedLog.none(position).position();
        assertThat(read(1)).isEmpty();
    }

    @Test
    void linesOfOneTimeAreToldApart() {
        write(1, "a");
        write(1, "b");
        assertThat(read(10)).containsExactly("a", "b");
        write(1, "c");
        write(1, "d");
        assertThat(read(10)).containsExactly("c", "d");
        assertThat(read(10)).isEmpty();
    }

    @Test
    void whatIsWrittenDownLateIsNotLost() {
        write(5, "a");
        assertThat(read(10)).containsExactly("a");
        write(4, "b");
        write(6, "c");
        assertThat(read(10)).containsExactly("b", "c");
        write(5, "d");
        assertThat(read(10)).containsExactly("d");
    }

    @Test
    void anotherRunIsReadFromItsBeginningWhateverItsClockSays() {
        write(9, "a");
        assertThat(read(10)).containsExactly("a");
        run = "run-2";
        log.clear();
        write(1, "b");
        write(2, "c");
        assertThat(read(1)).containsExactly("b", "c");
    }

    @Test
    void whereTheLineWasDroppedItGoesOnWithWhatIsLater() {
        write(1, "a");
        write(2, "b");
        assertThat(read(10)).containsExactly("a", "b");
        log.clear();
        write(3, "c");
        assertThat(read(10)).containsExactly("c");
    }

    @Test
    void muchComesInPartsWithNothingLost() {
        write(0, "begin");
        read(10);
        var written = IntStream.range(0, 5000)
                .mapToObj(i -> "line " + i + " " + "x".repeat(i % 100))
                .toList();
        for (int i = 0; i < written.size(); i++) {
            write(1 + i / 7, written.get(i));
        }
        var seen = new ArrayList<String>();
        for (var part = read(10); !part.isEmpty(); part = read(10)) {
            assertThat(part.stream().mapToInt(line -> line.length() + 1).sum())
                    .isLessThanOrEqualTo(EnvironmentLogs.MOST_BYTES_OF_PART);
            seen.addAll(part);
        }
        assertThat(seen).isEqualTo(written);
    }

    @Test
    void whatIsNoPositionBeginsAnew() {
        write(1, "a");
        write(2, "b");
        for (var wrong :
                List.of("", "x", "run-1_yesterday_1", "run-1_2026-13-45T99:99:99Z_1", "run-1_2026-01-02T03:04:05Z_")) {
            position = wrong;
            assertThat(read(1)).as(wrong).containsExactly("b");
        }
    }

    @Test
    void anUnfinishedLineWaitsAndALongOneIsCut() throws IOException {
        var long1 = "y".repeat(EnvironmentLogs.MOST_BYTES_OF_PART + 5);
        var stream = new ByteArrayInputStream(("a\n" + long1 + "\n\nb").getBytes(StandardCharsets.UTF_8));
        var lines = new ArrayList<String>();
        StampedLog.lines(stream, lines::add);
        assertThat(lines).containsExactly("a", "y".repeat(EnvironmentLogs.MOST_BYTES_OF_PART), "");
    }
}
