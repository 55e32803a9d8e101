package io.remotegpu.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TeardownTest {

    private final List<String> ended = new ArrayList<>();
    private final Teardown teardown = new Teardown(new Console(new PrintStream(OutputStream.nullOutputStream())));

    @Test
    void lastBegunEndsFirstAlsoWhenOnePartFails() {
        teardown.add("PostgreSQL", () -> ended.add("PostgreSQL"));
        teardown.add("Temporal", () -> {
            throw new IllegalStateException("no");
        });
        teardown.add("API", () -> ended.add("API"));

        teardown.run();

        assertThat(ended).containsExactly("API", "PostgreSQL");
    }

    @Test
    void whatIsBegunAfterwardsEndsAtOnce() {
        teardown.run();
        teardown.add("Temporal", () -> ended.add("Temporal"));

        assertThat(ended).containsExactly("Temporal");
    }
}
