package io.remotegpu.activities.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.spi.DriverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A script plays nvidia-smi, with what the tool says on real machines. */
class GpuCheckTest {

    private static final String ONE = "GPU-4f2e81a5-53a4-7a0c-bd93-4e4b6a1f2a10";
    private static final String OTHER = "GPU-77aa02c1-9d1e-52f7-0f57-2f1c6b0a9e33";
    private static final String CARDS = """
            0, %s, NVIDIA H100 80GB HBM3, 81559, 550.54.15, Disabled, 34, 0, 1, 0, No, No, [N/A], 00000000:3B:00.0
            1, %s, NVIDIA H100 80GB HBM3, 81559, 550.54.15, Disabled, 61, 97, 70211, 0, No, No, [N/A], 00000000:5E:00.0
            """.formatted(ONE, OTHER);

    @TempDir
    Path folder;

    @Test
    void aGpuOnWhichNothingRunsIsCleanWhateverRunsOnOthers() throws Exception {
        var check = check(OTHER + ", 4711, python, 70000", ONE + ", 512\n" + OTHER + ", 70211", CARDS);

        assertThat(check.notClean(List.of(ONE))).isEmpty();
    }

    @Test
    void aProcessThatIsLeftMakesItDirty() throws Exception {
        var check = check(ONE + ", 4711, /usr/bin/python3, with comma, 300", ONE + ", 312", CARDS);

        assertThat(check.notClean(List.of(ONE)))
                .isEqualTo(Map.of(ONE, "after its use process 4711 (/usr/bin/python3) still runs on it"));
    }

    @Test
    void memoryThatIsStillTakenMakesItDirtyThoughNoProcessShows() throws Exception {
        var check = check("", ONE + ", 1025\n" + OTHER + ", 1024", CARDS);

        assertThat(check.notClean(List.of(ONE, OTHER)))
                .isEqualTo(Map.of(ONE, "after its use 1025 MiB of its memory are still taken"));
    }

    @Test
    void anErrorThatItHasSinceMakesItDirty() throws Exception {
        var check = check("", ONE + ", 0", CARDS.replace("34, 0, 1, 0, No, No", "34, 0, 1, 3, Yes, No"));

        assertThat(check.notClean(List.of(ONE)).get(ONE)).contains("waits for a reset");
    }

    @Test
    void whatCannotBeLookedAtIsNotClean() throws Exception {
        assertThat(check("echo 'Unable to determine the device handle for GPU0: Unknown Error'; exit 15")
                        .notClean(List.of(ONE))
                        .get(ONE))
                .startsWith("it could not be checked after its use: nvidia-smi ended with status 15: Unable");
        assertThat(check("exec sleep 60").notClean(List.of(ONE)).get(ONE))
                .contains("nvidia-smi does not answer within");
        assertThatThrownBy(() -> check("exec sleep 60").notClean(List.of()))
                .isInstanceOf(DriverException.class)
                .hasMessageContaining("cannot be looked at: nvidia-smi does not answer within");
    }

    @Test
    void noToolAndAStandInThatKnowsOneAnswerOnlySayNothing() throws Exception {
        var none = new Tool(folder.resolve("absent").toString(), Duration.ofSeconds(2));

        assertThat(new GpuCheck(none, new GpuProbe(none, none)).notClean(List.of(ONE)))
                .isEmpty();
        assertThat(check("cat <<'END'\n" + CARDS + "END").notClean(List.of(ONE, OTHER)))
                .isEmpty();
    }

    @Test
    void ofAMachineOnWhichNothingRunsEveryGpuIsLookedAt() throws Exception {
        var check = check("", ONE + ", 0\n" + OTHER + ", 5000", CARDS);

        assertThat(check.notClean(List.of())).containsOnlyKeys(OTHER);
    }

    private GpuCheck check(String processes, String memory, String cards) throws IOException {
        return check("""
                case "$1" in
                  --query-compute-apps=*) cat <<'END'
                %s
                END
                ;;
                  --query-gpu=uuid,memory.used) cat <<'END'
                %s
                END
                ;;
                  *) cat <<'END'
                %s
                END
                ;;
                esac""".formatted(processes, memory, cards));
    }

    private GpuCheck check(String script) throws IOException {
        var program = folder.resolve("nvidia-smi");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        var tool = new Tool(program.toString(), Duration.ofSeconds(2));
        return new GpuCheck(tool, new GpuProbe(tool, new Tool("true", Duration.ofSeconds(2))));
    }
}
