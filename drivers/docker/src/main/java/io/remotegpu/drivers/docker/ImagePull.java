package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.PullResponseItem;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Fetches one image from its registry, and tells about it every second. */
final class ImagePull {

    private static final long MEGABYTE = 1_000_000;

    private final String image;
    private final Map<String, Layer> layers = new ConcurrentHashMap<>();
    private volatile @Nullable String error;

    private record Layer(long done, long total) {}

    ImagePull(String image) {
        this.image = image;
    }

    /** Returns once the image is there; an abandoned or failed pull keeps the layers it already has. */
    void run(DockerClient client, Duration timeout, Progress progress) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Listener listener = begin(client)) {
            progress.report(progressText());
            while (!ended(listener)) {
                progress.report(progressText());
                if (System.nanoTime() > deadline) {
                    throw new DriverException(
                            ErrorKind.OUTCOME_UNKNOWN,
                            progressText() + " after " + timeout.toMinutes() + " minutes: given up for now");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("closing the pull of " + image, e);
        }
        String failed = error;
        if (failed != null) {
            throw EngineErrors.explainPull(image, new DockerException(failed, 500));
        }
    }

    private Listener begin(DockerClient client) {
        try {
            return command(client).exec(new Listener());
        } catch (RuntimeException e) {
            throw EngineErrors.explainPull(image, e);
        }
    }

    /** Waits a second at most. */
    private boolean ended(Listener listener) {
        try {
            return listener.ended(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, "pulling image " + image + " was interrupted", e);
        } catch (RuntimeException e) {
            throw EngineErrors.explainPull(image, e);
        }
    }

    private PullImageCmd command(DockerClient client) {
        PullImageCmd command = client.pullImageCmd(image);
        // Without a tag the engine would pull all there are.
        boolean tagged = image.contains("@")
                || image.substring(image.lastIndexOf('/') + 1).contains(":");
        return tagged ? command : command.withTag("latest");
    }

    private String progressText() {
        long done = 0;
        long total = 0;
        for (Layer layer : layers.values()) {
            done += layer.done;
            total += layer.total;
        }
        return "pulling image " + image
                + (total == 0 ? "" : ": " + done / MEGABYTE + " of " + Math.max(1, total / MEGABYTE) + " MB");
    }

    private final class Listener extends EngineStream<PullResponseItem> {

        @Override
        public void onNext(PullResponseItem item) {
            if (item.getErrorDetail() != null) {
                error = String.valueOf(item.getErrorDetail().getMessage());
            }
            String layer = item.getId();
            var detail = item.getProgressDetail();
            if (layer == null) {
                return;
            }
            if ("Downloading".equals(item.getStatus()) && detail != null && detail.getTotal() != null) {
                Long current = detail.getCurrent();
                layers.put(layer, new Layer(current == null ? 0 : current, detail.getTotal()));
            } else if ("Download complete".equals(item.getStatus())) {
                layers.computeIfPresent(layer, (id, known) -> new Layer(known.total, known.total));
            }
        }
    }
}
