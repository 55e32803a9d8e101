package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.Loggable;
import io.fabric8.kubernetes.client.dsl.TimeTailPrettyLoggable;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EndOfStream;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.LogPart;
import io.remotegpu.drivers.spi.StampedLog;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The output of a pod's main process, which its node keeps. */
final class PodLog {

    private static final int CHUNK = 16 * 1024;

    private final KubernetesClient client;

    PodLog(KubernetesClient client) {
        this.client = client;
    }

    /** Reads on, over a new start of its container: what the last but one wrote is read, too. */
    LogPart after(Pod pod, @Nullable String position, int tail) {
        return StampedLog.read(pod.getMetadata().getUid(), position, tail, (lines, since, reader) -> {
            if (PodReading.restarts(pod) > 0) {
                stamped(pod, of(pod).usingTimestamps().terminated(), lines, since, reader);
            }
            stamped(pod, of(pod).usingTimestamps(), lines, since, reader);
        });
    }

    private void stamped(
            Pod pod,
            TimeTailPrettyLoggable log,
            @Nullable Integer lines,
            @Nullable Instant since,
            StampedLog.Reader reader) {
        Loggable wanted = lines != null
                ? log.tailingLines(lines)
                : since != null
                        ? log.sinceTime(since.truncatedTo(ChronoUnit.SECONDS).toString())
                        : log;
        reading(pod, wanted, stream -> StampedLog.lines(stream, reader));
    }

    private ContainerResource of(Pod pod) {
        return client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .inContainer(PodManifest.CONTAINER);
    }

    private interface Use {
        void of(InputStream stream) throws IOException;
    }

    /** Nothing when there is no log yet, or no more. */
    private static void reading(Pod pod, Loggable log, Use use) {
        String doing = "reading the log of pod " + pod.getMetadata().getName();
        try (InputStream stream = log.getLogInputStream()) {
            use.of(stream);
        } catch (IOException e) {
            throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, doing + " broke off: " + e.getMessage(), e);
        } catch (KubernetesClientException e) {
            // 400: nothing was started yet; 404: the pod went away
            if (e.getCode() != 400 && e.getCode() != 404) {
                throw ApiErrors.explain(doing, e);
            }
        }
    }

    /** The last lines of its latest run, oldest first; none when there was none yet, or its node has dropped them. */
    List<String> tail(Pod pod, int lines) {
        var end = new EndOfStream(EnvironmentLogs.MOST_BYTES);
        reading(pod, of(pod).tailingLines(lines), stream -> {
            byte[] chunk = new byte[CHUNK];
            for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
                end.write(Arrays.copyOf(chunk, read));
            }
        });
        List<String> found = end.lines();
        // the kubelet says so with status 200, when it is about to start the next run
        return found.size() == 1 && found.getFirst().startsWith("unable to retrieve container logs for ")
                ? List.of()
                : found;
    }
}
