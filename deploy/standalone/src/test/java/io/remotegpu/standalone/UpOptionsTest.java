package io.remotegpu.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpOptionsTest {

    @Test
    void withoutArgumentsItServesThisMachineOnly() {
        assertThat(UpOptions.parse(List.of())).isEqualTo(new UpOptions(8080, "127.0.0.1", null, Part.EVERYTHING));
    }

    @Test
    void everyArgumentArrives() {
        assertThat(UpOptions.parse(List.of("--simulate", "4x8", "--bind", "10.0.0.5", "--port", "9000")))
                .isEqualTo(new UpOptions(9000, "10.0.0.5", new UpOptions.Simulation(4, 8), Part.EVERYTHING));
    }

    @Test
    void aPartCanBeAskedForAlone() {
        assertThat(UpOptions.parse(List.of("--only", "worker")).part()).isEqualTo(Part.WORKER);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpOptions.parse(List.of("--only", "everything")))
                .withMessageContaining("services, api, worker");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpOptions.parse(List.of("--only", "api", "--simulate", "4x8")))
                .withMessageContaining("agent --simulate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--port", "--port 0", "--port 65536", "--port x", "--simulate 0x8", "--simulate 4", "--frob"})
    void mistakesAreNamed(String arguments) {
        String flag = arguments.split(" ")[0];
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpOptions.parse(List.of(arguments.split(" "))))
                .withMessageContaining(flag);
    }
}
