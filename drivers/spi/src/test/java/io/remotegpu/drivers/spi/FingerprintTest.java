package io.remotegpu.drivers.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    private static final PortBinding SSH = new PortBinding(Service.SSH, "127.0.0.1", 22001);
    private static final PortBinding JUPYTER = new PortBinding(Service.JUPYTER, "127.0.0.1", 22002);

    /** What runs carries it: another value would have every environment replaced at its next start. */
    @Test
    void theSameTextsAlwaysHaveTheSameName() {
        assertThat(new Fingerprint()
                        .add("1")
                        .add("ä")
                        .addVariables(Map.of("B", "y", "A", "x"))
                        .addPorts(List.of(JUPYTER, SSH))
                        .hex())
                .isEqualTo("44405681bff4f5d35d8216fccb59895e");
    }

    @Test
    void textsDoNotRunTogether() {
        assertThat(new Fingerprint().add("ab").add("c").hex())
                .isNotEqualTo(new Fingerprint().add("a").add("bc").hex());
    }
}
