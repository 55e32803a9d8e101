package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EndOfStream;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.probe.ActivityScript;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Who uses a pod, seen from inside. */
final class PodActivity {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static Activity of(KubernetesClient client, Pod pod) {
        String doing =
                "looking from inside at who uses pod " + pod.getMetadata().getName();
        var out = new EndOfStream(ActivityScript.MOST_BYTES);
        try (var exec = client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .inContainer(PodManifest.CONTAINER)
                .writingOutput(into(out))
                .writingError(OutputStream.nullOutputStream())
                .exec(ActivityScript.command().toArray(String[]::new))) {
            exec.exitCode().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (KubernetesClientException e) {
            throw ApiErrors.explain(doing, e);
        } catch (ExecutionException e) {
            throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, doing + " broke off: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, doing + " does not end within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, doing + " was interrupted", e);
        }
        return ActivityScript.read(out.lines());
    }

    private static OutputStream into(EndOfStream end) {
        return new OutputStream() {
            @Override
            public void write(int one) {
                end.write(new byte[] {(byte) one});
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                end.write(Arrays.copyOfRange(bytes, from, from + length));
            }
        };
    }

    private PodActivity() {}
}
