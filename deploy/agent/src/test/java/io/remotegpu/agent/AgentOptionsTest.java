package io.remotegpu.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentOptionsTest {

    private static final String TOKEN = "rgph_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    private static final List<String> GOOD = List.of(
            "--server", "https://gpu.example.com/",
            "--temporal", "temporal:7233",
            "--host-id", "host-1",
            "--token", TOKEN);

    @TempDir
    Path folder;

    @Test
    void everythingIsRead() {
        var options = AgentOptions.parse(GOOD, Map.of("REMOTEGPU_HOME", "/data"));

        assertThat(options)
                .isEqualTo(new AgentOptions(
                        URI.create("https://gpu.example.com"),
                        "temporal:7233",
                        "default",
                        false,
                        "host-1",
                        TOKEN,
                        Path.of("/data/agent"),
                        null));
        assertThat(options.toString()).doesNotContain(TOKEN);
    }

    @Test
    void theEnvironmentWillDoAndFlagsComeFirst() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");

        var options = AgentOptions.parse(
                List.of("--host-id", "host-2", "--temporal-tls", "--simulate", "8"),
                Map.of(
                        "REMOTEGPU_AGENT_SERVER", "http://10.0.0.1:8080",
                        "REMOTEGPU_AGENT_TEMPORAL", "10.0.0.1:7233",
                        "REMOTEGPU_AGENT_HOST_ID", "host-1",
                        "REMOTEGPU_AGENT_TOKEN_FILE", file.toString()));

        assertThat(options.hostId()).isEqualTo("host-2");
        assertThat(options.token()).isEqualTo(TOKEN);
        assertThat(options.tls()).isTrue();
        assertThat(options.simulate()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource({
        "--server,gpu.example.com,--server wants something like",
        "--server,'',agent wants --server",
        "--temporal,temporal,HOST:PORT",
        "--temporal,http://temporal:7233,HOST:PORT",
        "--host-id,../x,no id of a host",
        "--token,secret,begins with rgph_",
        "--token-file,/nowhere/token,/nowhere/token",
        "--simulate,many,a number of GPUs",
        "--frob,x,does not know --frob"
    })
    void whatIsWrongIsNamed(String flag, String value, String word) {
        var arguments = new ArrayList<>(GOOD);
        arguments.addAll(List.of(flag, value));

        assertThatThrownBy(() -> AgentOptions.parse(arguments, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(word)
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void aFlagWithoutItsValueIsNamed() {
        assertThatThrownBy(() -> AgentOptions.parse(List.of("--server"), Map.of()))
                .hasMessage("--server wants a value");
    }
}
