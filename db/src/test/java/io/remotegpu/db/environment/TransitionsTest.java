package io.remotegpu.db.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TransitionsTest {

    @Test
    void theTableOfTransitionsIsThis() {
        var table = Arrays.stream(EnvironmentStatus.values())
                .map(status -> "%-8s -> %s"
                        .formatted(
                                status.wireName(),
                                Arrays.stream(EnvironmentStatus.values())
                                        .filter(status::canBecome)
                                        .map(EnvironmentStatus::wireName)
                                        .collect(Collectors.joining(", ")))
                        .strip())
                .collect(Collectors.joining("\n"));

        System.out.println(table);

        assertThat(table).isEqualTo("""
                queued   -> creating, starting, deleting, failed
                creating -> queued, running, failed
                running  -> stopping, deleting, failed
                stopping -> stopped, failed
                stopped  -> starting, deleting, failed
                starting -> queued, running, stopped, failed
                deleting -> deleted, failed
                deleted  ->
                failed   -> stopping, starting, deleting, failed""");
    }
}
