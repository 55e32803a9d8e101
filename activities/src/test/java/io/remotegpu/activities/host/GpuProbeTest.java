package io.remotegpu.activities.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A script plays nvidia-smi, with what the tool says on real machines. */
class GpuProbeTest {

    private static final String TWO_H100 = """
            0, GPU-4f2e81a5-53a4-7a0c-bd93-4e4b6a1f2a10, NVIDIA H100 80GB HBM3, 81559, 550.54.15, Disabled, 34, 0, 1, 0, No, No, [N/A], 00000000:3B:00.0
            1, GPU-77aa02c1-9d1e-52f7-0f57-2f1c6b0a9e33, NVIDIA H100 80GB HBM3, 81559, 550.54.15, Disabled, 61, 97, 70211, 0, No, No, [N/A], 00000000:5E:00.0
            """;

    @TempDir
    Path folder;

    private String kernelLog = "true";

    @Test
    void eachLineIsOneGpuWithItsHealthForPeople() throws Exception {
        var found = probe("cat <<'END'\n" + TWO_H100 + "END");

        assertThat(found.gpus())
                .containsExactly(
                        new HostReport.Gpu(
                                0, "GPU-4f2e81a5-53a4-7a0c-bd93-4e4b6a1f2a10", "NVIDIA H100 80GB HBM3", 81559L << 20),
                        new HostReport.Gpu(
                                1, "GPU-77aa02c1-9d1e-52f7-0f57-2f1c6b0a9e33", "NVIDIA H100 80GB HBM3", 81559L << 20));
        assertThat(found.trouble()).isEmpty();
        assertThat(found.facts())
                .containsEntry("gpu.1.celsius", "61")
                .containsEntry("gpu.1", "61 °C, 97 % busy, 70211 of 81559 MiB used, 0 uncorrected ECC errors")
                .containsEntry("nvidia_driver", "550.54.15");
    }

    @Test
    void aCardWithoutEccAndWithACommaInItsNameIsFine() throws Exception {
        var found = probe(
                "echo '0, GPU-1, Quadro, with comma, 24576, 535.161.07, [N/A], 40, [N/A], 300, [N/A], [N/A], [N/A], [N/A], 00000000:01:00.0'");

        assertThat(found.gpus()).containsExactly(new HostReport.Gpu(0, "GPU-1", "Quadro, with comma", 24576L << 20));
        assertThat(found.facts()).containsEntry("gpu.0", "40 °C, 300 of 24576 MiB used");
    }

    @Test
    void anOldDriverThatDoesNotKnowEveryFieldStillHasItsGpus() throws Exception {
        var found = probe("""
                case "$*" in
                  *remapped_rows*) echo 'Field "remapped_rows.pending" is not a valid field to query.'; exit 2 ;;
                  *) echo '0, GPU-1, Tesla K80, 11441' ;;
                esac""");

        assertThat(found.gpus()).containsExactly(new HostReport.Gpu(0, "GPU-1", "Tesla K80", 11441L << 20));
        assertThat(found.trouble()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 | No    | No  | [N/A] | ''
            3 | No    | No  | [N/A] | ''
            3 | Yes   | No  | [N/A] | waits for a reset
            3 | Yes   | Yes | [N/A] | has to be replaced
            2 | [N/A] | [N/A] | Yes | waits for a reset
            2 | [N/A] | [N/A] | No  | ''
            2 | [N/A] | [N/A] | [N/A] | 2 errors of its memory could not be corrected
            [GPU requires reset] | No | No | [N/A] | GPU requires reset
            [Unknown Error] | No | No | [N/A] | Unknown Error
            """)
    void whatCannotBeUsedIsInError(String ecc, String pending, String failure, String retired, String word)
            throws Exception {
        var found = probe("echo '0, GPU-1, NVIDIA A100, 40960, 550.54.15, Disabled, 30, 0, 1, " + ecc + ", " + pending
                + ", " + failure + ", " + retired + ", 00000000:01:00.0'");

        var error = found.gpus().getFirst().error();
        if (word.isEmpty()) {
            assertThat(error).isNull();
        } else {
            assertThat(error).contains(word);
        }
    }

    @Test
    void theInstancesOfADividedCardTakeItsPlace() throws Exception {
        var found = probe("""
                case "$1" in
                  -L) cat <<'END'
                GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77)
                  MIG 3g.20gb     Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)
                  MIG 1g.5gb      Device  1: (UUID: MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb)
                  MIG 1c.3g.20gb  Device  2: (UUID: MIG-1e9a56cf-9f29-5ee6-9b3a-8a4bd2bd1ef6)
                GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-eb78b0da-1a0e-9a2d-8d5c-0f4b5c0ee1a3)
                END
                  ;;
                  *) cat <<'END'
                0, GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77, NVIDIA A100-SXM4-40GB, 40960, 550.54.15, Enabled, 30, [N/A], 1, 0, No, No, [N/A], 00000000:18:00.0
                1, GPU-eb78b0da-1a0e-9a2d-8d5c-0f4b5c0ee1a3, NVIDIA A100-SXM4-40GB, 40960, 550.54.15, Disabled, 30, 0, 1, 0, No, No, [N/A], 00000000:21:00.0
                END
                  ;;
                esac""");

        assertThat(found.gpus())
                .extracting(
                        HostReport.Gpu::index, HostReport.Gpu::uuid, HostReport.Gpu::model, gpu -> gpu.memory() >> 30)
                .containsExactly(
                        tuple(
                                256,
                                "MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f",
                                "NVIDIA A100-SXM4-40GB MIG 3g.20gb",
                                20L),
                        tuple(257, "MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb", "NVIDIA A100-SXM4-40GB MIG 1g.5gb", 5L),
                        tuple(
                                258,
                                "MIG-1e9a56cf-9f29-5ee6-9b3a-8a4bd2bd1ef6",
                                "NVIDIA A100-SXM4-40GB MIG 1c.3g.20gb",
                                20L),
                        tuple(1, "GPU-eb78b0da-1a0e-9a2d-8d5c-0f4b5c0ee1a3", "NVIDIA A100-SXM4-40GB", 40L));
    }

    @Test
    void aGpuThatCannotBeReadIsLeftOutAndTold() throws Exception {
        var found = probe("""
                echo '0, GPU-1, NVIDIA A100, 40960, 550.54.15, Disabled, 30, 0, 1, 0, No, No, [N/A], 00000000:07:00.0'
                echo '1, GPU-2, NVIDIA A100, [Unknown Error], 550.54.15, Disabled, 30, 0, 1, 0, No, No, [N/A], 00000000:0F:00.0'""");

        assertThat(found.gpus()).extracting(HostReport.Gpu::uuid).containsExactly("GPU-1");
        assertThat(found.trouble()).contains("GPU-2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0, [Unknown Error], NVIDIA A100, 40960",
                "0, , NVIDIA A100, 40960",
                "-1, GPU-1, NVIDIA A100, 40960",
                "0, GPU-1, , 40960",
                "0, GPU-1, NVIDIA A100, 0",
                "0, GPU-1, NVIDIA A100, 99999999999999999"
            })
    void whatIsNotAllOfAGpuIsLeftOutAndTold(String beginning) throws Exception {
        var found =
                probe("echo '" + beginning + ", 550.54.15, Disabled, 30, 0, 1, 0, No, No, [N/A], 00000000:41:00.0'");

        assertThat(found.gpus()).isEmpty();
        assertThat(found.trouble()).contains("leave out: " + beginning);
    }

    @Test
    void aLostGpuLeavesTheOthers() throws Exception {
        var found = probe("""
                echo 'Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost.  Reboot the system to recover this GPU'
                echo '1, GPU-2, NVIDIA A100, 40960, 550.54.15, Disabled, 30, 0, 1, 0, No, No, [N/A], 00000000:42:00.0'
                exit 15""");

        assertThat(found.gpus()).extracting(HostReport.Gpu::uuid).containsExactly("GPU-2");
        assertThat(found.trouble()).contains("0000:02:00.0: GPU is lost");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            18 | Failed to initialize NVML: Driver/library version mismatch
            9  | NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.
            15 | Unable to determine the device handle for GPU0000:07:00.0: Unknown Error
            6  | No devices were found
            """)
    void aFailureIsToldInItsOwnWords(int status, String words) throws Exception {
        var found = probe("echo '" + words + "'; exit " + status);

        assertThat(found.gpus()).isEmpty();
        assertThat(found.trouble()).isEqualTo("nvidia-smi ended with status " + status + ": " + words);
    }

    @Test
    void rubbishIsNoGpu() throws Exception {
        var found = probe("head -c 3000 /dev/zero; echo; echo 'a, b, c, d, e, f, g, h, i, j, k, l, m, n'");

        assertThat(found.gpus()).isEmpty();
        assertThat(found.trouble()).contains("a, b, c");
    }

    @Test
    void aToolThatHangsIsNotWaitedFor() throws Exception {
        long began = System.nanoTime();

        var found = probe("exec sleep 600", Duration.ofMillis(300));

        assertThat(found.gpus()).isEmpty();
        assertThat(found.trouble()).contains("does not answer");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));
    }

    /** What it said by then may have been read, or not: the JVM looks once more when a process ends. */
    @Test
    @Timeout(50)
    void aChildThatKeepsTheOutputOpenIsNotWaitedForEither() throws Exception {
        var found = probe("sleep 60 & echo '0, GPU-1'", Duration.ofMillis(300));

        assertThat(found.trouble()).containsAnyOf("does not answer", "leave out: 0, GPU-1");
    }

    @Test
    void aMachineWithoutTheToolHasNoGpusAndNoTrouble() throws Exception {
        var nowhere = new Tool(folder.resolve("nowhere").toString(), Duration.ofSeconds(30));

        assertThat(new GpuProbe(nowhere, nowhere).probe()).isEqualTo(GpuProbe.Found.NOTHING);
    }

    @Test
    void noLinesAreNoGpus() throws Exception {
        assertThat(probe("echo")).isEqualTo(GpuProbe.Found.NOTHING);
    }

    @Test
    void aCardWhoseFaultTheKernelLogTellsIsInError() throws Exception {
        kernelLog = """
                cat <<'END'
                [ 1137.843711] NVRM: GPU at PCI:0000:5e:00: GPU-77aa02c1-9d1e-52f7-0f57-2f1c6b0a9e33
                [ 1137.843715] NVRM: Xid (PCI:0000:5e:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.
                END""";

        var found = probe("cat <<'END'\n" + TWO_H100 + "END");

        assertThat(found.gpus().get(0).error()).isNull();
        assertThat(found.gpus().get(1).error()).contains("Xid 79", "GPU has fallen off the bus", "dmesg --clear");
    }

    @Test
    void whoMayNotReadTheKernelLogSaysSoAndStillOffersTheCards() throws Exception {
        kernelLog = "echo 'dmesg: read kernel buffer failed: Operation not permitted'; exit 1";

        var found = probe("cat <<'END'\n" + TWO_H100 + "END");

        assertThat(found.gpus()).hasSize(2).allMatch(gpu -> gpu.error() == null);
        assertThat(found.facts().get("xid_errors")).contains("not seen", "Operation not permitted");
    }

    private GpuProbe.Found probe(String script) throws Exception {
        return probe(script, Duration.ofSeconds(30));
    }

    private GpuProbe.Found probe(String script, Duration patience) throws IOException, InterruptedException {
        return new GpuProbe(
                        new Tool(program("nvidia-smi", script), patience),
                        new Tool(program("dmesg", kernelLog), Duration.ofSeconds(30)))
                .probe();
    }

    private String program(String name, String script) throws IOException {
        Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program.toString();
    }
}
