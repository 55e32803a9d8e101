package io.remotegpu.drivers.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EndOfStreamTest {

    @Test
    void whatFitsIsThereAsItWas() {
        assertThat(end(16, "a\n", "b", "c\n\nd").lines()).containsExactly("a", "bc", "", "d");
        assertThat(end(16).lines()).isEmpty();
    }

    @Test
    void theOldestLinesAreLeftOutAndNoneIsHalf() {
        assertThat(end(8, "first\n", "second\n", "third\n", "x\n").lines()).containsExactly("third", "x");
        assertThat(end(8, "0123456789\nab\ncd\n").lines()).containsExactly("ab", "cd");
    }

    @Test
    void ofALineThatIsTooLongItsEndIsKept() {
        assertThat(end(8, "0123456789", "0123456789").lines()).containsExactly("23456789");
    }

    @Test
    void itIsTheEndHoweverTheStreamIsCut() {
        var random = new Random(7);
        for (int round = 0; round < 500; round++) {
            var whole = new StringBuilder();
            var end = new EndOfStream(32);
            while (whole.length() < 200) {
                var piece = "abc\n".repeat(3).substring(random.nextInt(4), 4 + random.nextInt(9));
                whole.append(piece);
                end.write(piece.getBytes(StandardCharsets.UTF_8));
            }
            var lines = end.lines();
            assertThat(whole.toString())
                    .as("round " + round)
                    .endsWith(String.join("\n", lines) + (whole.toString().endsWith("\n") ? "\n" : ""));
            assertThat(lines.stream().mapToInt(line -> line.length() + 1).sum()).isBetween(20, 33);
        }
    }

    private static EndOfStream end(int most, String... pieces) {
        var end = new EndOfStream(most);
        for (var piece : pieces) {
            end.write(piece.getBytes(StandardCharsets.UTF_8));
        }
        return end;
    }
}
