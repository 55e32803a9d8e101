package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Wakes who waits for a pod as soon as the cluster says that it changed. A hint and no more: what is true is asked
 * afterwards, so that a watch that breaks off, or is refused because its version is too old (410), costs nothing but the time
 * until the next look. From there it is opened anew, from the version that the look has seen.
 */
final class PodChanges implements AutoCloseable {

    /** While a watch stands, looks are for the case that it is silent without saying so. */
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
    /** A watch that ended is not opened again sooner. */
    private static final Duration BETWEEN_WATCHES = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final Duration betweenLooks;
    private final Semaphore changes = new Semaphore(0);
    private @Nullable Watching watching;
    private long triedAt;

    /** @param betweenLooks how long a wait is at most while a watch stands */
    PodChanges(KubernetesClient client, Duration betweenLooks) {
        this.client = client;
        this.betweenLooks = betweenLooks;
    }

    /**
     * Returns when the pod is no longer as it was seen, as far as can be told, or after a while.
     *
     * @param unwatched how long that is while there is no watch
     */
    void await(Pod seen, Duration unwatched) throws InterruptedException {
        boolean watched = watch(seen);
        Duration pause = watched ? betweenLooks : unwatched;
        changes.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        // The look that follows sees all of them.
        changes.drainPermits();
    }

    private boolean watch(Pod seen) {
        Watching standing = watching;
        if (standing != null && !standing.ended) {
            return true;
        }
        if (standing != null && System.nanoTime() - triedAt < BETWEEN_WATCHES.toNanos()) {
            return false;
        }
        var opened = new Watching();
        watching = opened;
        triedAt = System.nanoTime();
        try {
            opened.watch = client.pods()
                    .inNamespace(seen.getMetadata().getNamespace())
                    .withName(seen.getMetadata().getName())
                    .watch(
                            new ListOptionsBuilder()
                                    .withResourceVersion(seen.getMetadata().getResourceVersion())
                                    .build(),
                            opened);
            return !opened.ended;
        } catch (KubernetesClientException refused) {
            // Whether the server answers at all, the next look tells.
            opened.ended = true;
            return false;
        }
    }

    @Override
    public void close() {
        Watching standing = watching;
        if (standing != null && standing.watch != null) {
            standing.watch.close();
        }
    }

    private final class Watching implements Watcher<Pod> {

        private volatile boolean ended;
        private @Nullable Watch watch;

        @Override
        public void eventReceived(Action action, Pod pod) {
            changes.release();
        }

        @Override
        public void onClose(WatcherException cause) {
            ended = true;
            changes.release();
        }
    }
}
