package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EndOfStream;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/** The output of a pod's main process, which its node keeps. */
final class PodLog {

    private static final int CHUNK = 16 * 1024;

    private final KubernetesClient client;

    PodLog(KubernetesClient client) {
        this.client = client;
    }

    /** The last lines of its latest run, oldest first; none when there was none yet, or its node has dropped them. */
    List<String> tail(Pod pod, int lines) {
        String doing = "reading the log of pod " + pod.getMetadata().getName();
        var end = new EndOfStream(EnvironmentLogs.MOST_BYTES);
        try (InputStream log = client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .inContainer(PodManifest.CONTAINER)
                .tailingLines(lines)
                .getLogInputStream()) {
            byte[] chunk = new byte[CHUNK];
            for (int read = log.read(chunk); read >= 0; read = log.read(chunk)) {
                end.write(Arrays.copyOf(chunk, read));
            }
        } catch (IOException e) {
            throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, doing + " broke off: " + e.getMessage(), e);
        } catch (KubernetesClientException e) {
            // 400: nothing was started yet; 404: the pod went away
            if (e.getCode() == 400 || e.getCode() == 404) {
                return List.of();
            }
            throw ApiErrors.explain(doing, e);
        }
        List<String> found = end.lines();
        // the kubelet says so with status 200, when it is about to start the next run
        return found.size() == 1 && found.getFirst().startsWith("unable to retrieve container logs for ")
                ? List.of()
                : found;
    }
}
