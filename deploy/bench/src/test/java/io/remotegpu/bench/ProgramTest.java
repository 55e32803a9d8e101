package io.remotegpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProgramTest {

    private final Program shell = new Program("sh", "-c");

    @Test
    void whatItSaysIsReturnedWithoutWhatItComplainsOf() throws Exception {
        assertThat(shell.run("echo said; echo complained >&2")).isEqualTo("said\n");
    }

    @Test
    void aFailureIsQuoted() {
        assertThatThrownBy(() -> shell.run("echo no such pod >&2; exit 3"))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("no such pod");
    }

    @Test
    void whoComplainsALotIsHeardToTheEnd() throws Exception {
        assertThat(shell.run("yes | head -c 1000000 >&2; echo done")).isEqualTo("done\n");
    }

    @Test
    void aProgramThatIsNotHereIsNamed() {
        assertThatThrownBy(() -> new Program("no-such-program").run("version"))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("no no-such-program on the PATH");
    }
}
