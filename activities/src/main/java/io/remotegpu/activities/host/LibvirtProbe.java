package io.remotegpu.activities.host;

import io.remotegpu.drivers.libvirt.EngineDescription;
import io.remotegpu.drivers.libvirt.LibvirtEngine;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether this machine can take virtual machines. Where there is no folder of images and no setting, nothing is asked and
 * nothing is loaded: that machine is for something else.
 */
final class LibvirtProbe implements LocalEngine {

    /** The fact that says why virtual machines are not offered. */
    static final String TROUBLE = "vm_trouble";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final LibvirtSettings settings;
    private final Supplier<EngineDescription> libvirt;
    private final Duration patience;
    /** Goes on beyond our patience: a libvirt that looks at its QEMU for the first time takes its time. */
    private @Nullable CompletableFuture<EngineDescription> question;

    LibvirtProbe(LibvirtSettings settings) {
        this(settings, new LibvirtEngine(settings.driver("probe"))::describe, PATIENCE);
    }

    LibvirtProbe(LibvirtSettings settings, Supplier<EngineDescription> libvirt, Duration patience) {
        this.settings = settings;
        this.libvirt = libvirt;
        this.patience = patience;
    }

    @Override
    public DeploymentMode mode() {
        return DeploymentMode.VM;
    }

    @Override
    public Answer ask() throws InterruptedException {
        if (!Files.isDirectory(settings.images())) {
            return settings.isWanted()
                    ? trouble("there are no images in " + settings.images()
                            + ": build them by 'deploy/images/vm/build.sh --folder " + settings.images() + "'")
                    : Answer.NONE;
        }
        Path folder = nearest(settings.machines());
        if (!Files.isWritable(folder)) {
            return trouble(
                    "this process may not write to " + folder + ", where the disks of machines would be: run it as"
                            + " root, or set remotegpu.libvirt.machines to a folder of its own");
        }
        CompletableFuture<EngineDescription> asked = question == null ? put() : question;
        question = asked;
        try {
            EngineDescription seen = asked.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            question = null;
            return seen.reachable() ? offer(seen) : trouble(String.valueOf(seen.reason()));
        } catch (TimeoutException e) {
            return trouble("libvirt does not answer within " + patience.toSeconds() + " s");
        } catch (ExecutionException e) {
            question = null;
            return trouble("libvirt cannot be asked: " + e.getCause());
        }
    }

    private CompletableFuture<EngineDescription> put() {
        var answer = new CompletableFuture<EngineDescription>();
        Thread.ofPlatform().daemon().name("libvirt-probe").start(() -> {
            try {
                answer.complete(libvirt.get());
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private Answer offer(EngineDescription seen) {
        String acceleration = seen.acceleration().name().toLowerCase(Locale.ROOT);
        return new Answer(
                true,
                Map.of(
                        mode().wireName(),
                        "by " + acceleration,
                        "vm_acceleration",
                        acceleration + ": " + seen.accelerationReason(),
                        "libvirt",
                        seen.version(),
                        "qemu",
                        seen.hypervisorVersion()));
    }

    private static Answer trouble(String words) {
        return new Answer(false, Map.of(TROUBLE, words));
    }

    /** The folder itself, or the one that it would be made in. */
    private static Path nearest(Path folder) {
        Path there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }
}
