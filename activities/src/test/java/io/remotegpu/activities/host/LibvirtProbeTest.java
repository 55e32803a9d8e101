package io.remotegpu.activities.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.libvirt.Acceleration;
import io.remotegpu.drivers.libvirt.EngineDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibvirtProbeTest {

    private static final EngineDescription EMULATING = new EngineDescription(
            true, null, "9.0.0", "7.2.22", Acceleration.EMULATION, "the processor shows no vmx", false, 2, 1L << 34);

    @TempDir
    Path folder;

    private Path images;

    @BeforeEach
    void images() throws Exception {
        images = Files.createDirectory(folder.resolve("images"));
    }

    @Test
    void aLibvirtThatAnswersIsOfferedWithWhatItIs() throws Exception {
        var answer = probe(() -> EMULATING).ask();

        assertThat(answer.offers()).isTrue();
        assertThat(answer.facts())
                .containsEntry("vm", "by emulation")
                .containsEntry("vm_acceleration", "emulation: the processor shows no vmx")
                .containsEntry("libvirt", "9.0.0")
                .containsEntry("qemu", "7.2.22");
    }

    @Test
    void oneThatDoesNotIsNotOfferedAndSaysWhy() throws Exception {
        var answer = probe(() -> new EngineDescription(
                        false, "is libvirtd running?", "", "", Acceleration.AUTO, "", false, 0, 0))
                .ask();

        assertThat(answer.offers()).isFalse();
        assertThat(answer.facts()).isEqualTo(Map.of("vm_trouble", "is libvirtd running?"));
    }

    /** libvirt may hang, or look at its QEMU for a minute; the heartbeats of a host must not. */
    @Test
    void oneThatHangsIsAskedOnceAndNotWaitedFor() throws Exception {
        var asked = new AtomicInteger();
        var hangs = new CountDownLatch(1);
        var probe = probe(() -> {
            asked.incrementAndGet();
            try {
                hangs.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return EMULATING;
        });

        assertThat(probe.ask().facts().get("vm_trouble")).contains("does not answer");
        assertThat(probe.ask().offers()).isFalse();
        hangs.countDown();
        while (!probe.ask().offers()) {
            Thread.onSpinWait();
        }
        assertThat(asked.get()).isEqualTo(1);
        assertThat(probe.ask().offers()).isTrue();
        assertThat(asked.get()).isEqualTo(2);
    }

    @Test
    void withoutItsLibraryItSaysSo() throws Exception {
        var answer = probe(() -> {
                    throw new UnsatisfiedLinkError("libvirt.so.0");
                })
                .ask();

        assertThat(answer.offers()).isFalse();
        assertThat(answer.facts().get("vm_trouble")).contains("libvirt.so.0");
    }

    @Test
    void withoutImagesNothingIsAskedUnlessSomebodyWantsMachines() throws Exception {
        Supplier<EngineDescription> nobody = () -> {
            throw new AssertionError("asked");
        };
        Files.delete(images);

        assertThat(probe(nobody).ask()).isEqualTo(LocalEngine.Answer.NONE);
        assertThat(probe(nobody, Map.of("uri", "qemu:///system")).ask().facts().get("vm_trouble"))
                .contains("build.sh --folder " + images);
    }

    private LibvirtProbe probe(Supplier<EngineDescription> libvirt) {
        return probe(libvirt, Map.of());
    }

    private LibvirtProbe probe(Supplier<EngineDescription> libvirt, Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.put("images", images.toString());
        all.put("machines", folder.resolve("machines").toString());
        return new LibvirtProbe(LibvirtSettingsTest.bound(all), libvirt, Duration.ofMillis(200));
    }
}
