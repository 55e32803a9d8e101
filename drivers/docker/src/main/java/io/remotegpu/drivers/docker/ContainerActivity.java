package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EndOfStream;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.probe.ActivityScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Who uses a container, seen from inside. */
final class ContainerActivity {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static Activity of(DockerClient client, String container) {
        var out = new EndOfStream(ActivityScript.MOST_BYTES);
        var callback = new EngineStream<Frame>() {
            @Override
            public void onNext(Frame frame) {
                if (frame.getStreamType() == StreamType.STDOUT) {
                    out.write(frame.getPayload());
                }
            }
        };
        try (callback) {
            var exec = client.execCreateCmd(container)
                    .withCmd(ActivityScript.command().toArray(String[]::new))
                    .withAttachStdout(true)
                    .withAttachStderr(true)
                    .exec();
            client.execStartCmd(exec.getId()).exec(callback);
            if (!callback.ended(PATIENCE)) {
                throw new DriverException(
                        ErrorKind.OUTCOME_UNKNOWN,
                        "looking from inside at who uses " + container + " does not end within " + PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(
                    ErrorKind.OUTCOME_UNKNOWN, "looking at who uses " + container + " was interrupted", e);
        } catch (IOException e) {
            throw new UncheckedIOException("closing the look into " + container, e);
        }
        return ActivityScript.read(out.lines());
    }

    private ContainerActivity() {}
}
