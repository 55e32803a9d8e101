package io.remotegpu.temporal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracesTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "grpc://127.0.0.1:4317", "/v1/traces", ""})
    void anEndpointThatTakesNoTracesIsRefusedByTheNameOfItsSetting(String endpoint) {
        var settings = new TracingSettings(true, URI.create(endpoint), 1);
        assertThatThrownBy(() -> new Traces(settings, "test"))
                .isInstanceOf(TemporalSettingException.class)
                .hasMessageContaining("remotegpu.tracing.endpoint")
                .hasMessageContaining("http://127.0.0.1:4318/v1/traces");
    }
}
