package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.libvirt.LibvirtException;
import org.libvirt.NodeInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to libvirt on this host. Making one connects to nothing yet; the first call does, and the next one after
 * the connection was lost does again. Thread-safe: all threads share one connection, which libvirt allows.
 */
public final class LibvirtEngine implements AutoCloseable {

    /** Where libvirt listens when nobody says otherwise. */
    public static final String USUAL_URI = "qemu:///system";

    private static final Logger log = LoggerFactory.getLogger(LibvirtEngine.class);

    private final LibvirtDriverSettings settings;
    private final HostVirtualization virtualization;

    /**
     * Calls run on threads of the operating system: libvirt keeps an error until it is asked for, in the thread that it
     * happened in, and a virtual thread may have moved on to another one by then. They also take seconds.
     */
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("libvirt-", 0).factory());

    private final Object lock = new Object();
    private @Nullable Shared shared;
    /** Kept as long as the connection: the question is a large one. */
    private volatile HostVirtualization.@Nullable Decision decided;

    /** One or several calls of libvirt over a connection that was alive a moment ago. */
    @FunctionalInterface
    interface Call<T extends @Nullable Object> {
        T on(LibvirtConnection connection) throws LibvirtException;
    }

    /** A connection that several calls use at once. All of it only with the lock. */
    private static final class Shared {
        final LibvirtConnection connection;
        int calls;
        boolean lost;

        Shared(LibvirtConnection connection) {
            this.connection = connection;
        }
    }

    public LibvirtEngine(LibvirtDriverSettings settings) {
        this.settings = settings;
        this.virtualization = new HostVirtualization(settings);
    }

    /** Asks libvirt what it is; never throws for one that is not there. */
    public EngineDescription describe() {
        try {
            return ask("asking libvirt at " + settings.uri() + " what it is", this::description);
        } catch (DriverException e) {
            return EngineDescription.unreachable(String.valueOf(e.getMessage()));
        }
    }

    /** What machines run on here: what is set, or what the host can do. Never {@link Acceleration#AUTO}. */
    Acceleration acceleration() {
        if (settings.acceleration() != Acceleration.AUTO) {
            return settings.acceleration();
        }
        return ask("asking libvirt what the host can do", this::decision).acceleration();
    }

    /**
     * Runs calls of libvirt; failures come out explained.
     *
     * @param doing names the thing, as the start of a sentence
     */
    <T extends @Nullable Object> T ask(String doing, Call<T> call) {
        Future<T> answer;
        try {
            answer = threads.submit(() -> {
                Shared open = borrow();
                try {
                    return call.on(open.connection);
                } catch (LibvirtException e) {
                    throw LibvirtErrors.explain(doing, e);
                } finally {
                    giveBack(open);
                }
            });
        } catch (RejectedExecutionException e) {
            throw new DriverException(ErrorKind.ENGINE_UNAVAILABLE, doing + ": this driver was closed", e);
        }
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, doing + " was interrupted", e);
        } catch (ExecutionException e) {
            throw unwrapped(doing, e);
        }
    }

    @Override
    public void close() {
        threads.close();
        synchronized (lock) {
            forget();
        }
    }

    private EngineDescription description(LibvirtConnection open) throws LibvirtException {
        NodeInfo node = open.nodeInfo();
        HostVirtualization.Decision decision = decision(open);
        return new EngineDescription(
                true,
                null,
                version(open.getLibVersion()),
                version(open.getVersion()),
                decision.acceleration(),
                decision.reason(),
                new PciDevices(settings.sysfs()).hasIommu(),
                node.maxCpus(),
                node.memory << 10);
    }

    private HostVirtualization.Decision decision(LibvirtConnection open) throws LibvirtException {
        HostVirtualization.Decision known = decided;
        if (known == null) {
            known = virtualization.decide(open.getCapabilities());
            decided = known;
        }
        return known;
    }

    private Shared borrow() {
        synchronized (lock) {
            Shared known = shared;
            if (known == null || !alive(known.connection)) {
                forget();
                known = new Shared(open());
                shared = known;
            }
            known.calls++;
            return known;
        }
    }

    private void giveBack(Shared used) {
        synchronized (lock) {
            used.calls--;
            closeWhenUnused(used);
        }
    }

    private LibvirtConnection open() {
        try {
            return LibvirtConnection.open(settings.uri());
        } catch (LibvirtException | LinkageError | IllegalStateException e) {
            // LinkageError: the client library is not installed on this host
            throw LibvirtErrors.explainConnect(settings.uri(), e);
        }
    }

    private static boolean alive(LibvirtConnection known) {
        try {
            return known.isAlive();
        } catch (LibvirtException e) {
            return false;
        }
    }

    /** Only with the lock. */
    private void forget() {
        Shared known = shared;
        shared = null;
        decided = null;
        if (known != null) {
            known.lost = true;
            closeWhenUnused(known);
        }
    }

    /** libvirt frees what it closes, under the hands of a call that is still on its way back. */
    private void closeWhenUnused(Shared used) {
        if (!used.lost || used.calls > 0) {
            return;
        }
        try {
            used.connection.close();
        } catch (LibvirtException e) {
            log.debug("closing the lost connection to libvirt at {}", settings.uri(), e);
        }
    }

    private static DriverException unwrapped(String doing, ExecutionException failure) {
        return switch (failure.getCause()) {
            case DriverException explained -> explained;
            case Error error -> throw error;
            case null, default ->
                new DriverException(ErrorKind.OUTCOME_UNKNOWN, doing + ": " + failure.getCause(), failure.getCause());
        };
    }

    /** libvirt writes 9.0.1 as 9000001. */
    private static String version(long number) {
        return number / 1_000_000 + "." + number / 1000 % 1000 + "." + number % 1000;
    }
}
