package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EndOfStream;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.ErrorKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** The output of a container's main process. */
final class ContainerLog {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Of a container that the engine restarts over and over, now and then an answer does not end, while the next one is there
     * at once: seen with engine 26, in 8 of 400 on a busy machine.
     */
    private static final int ATTEMPTS = 3;

    /** The last lines, oldest first; none when the container is gone. */
    static List<String> tail(DockerClient client, String container, int lines) {
        try {
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                var end = new EndOfStream(EnvironmentLogs.MOST_BYTES);
                if (ended(client, container, lines, end)) {
                    return end.lines();
                }
            }
        } catch (NotFoundException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(
                    ErrorKind.OUTCOME_UNKNOWN, "reading the log of " + container + " was interrupted", e);
        } catch (IOException e) {
            throw new UncheckedIOException("closing the log of " + container, e);
        }
        throw new DriverException(
                ErrorKind.OUTCOME_UNKNOWN,
                "the log of " + container + " does not end within " + PATIENCE + ", asked for " + ATTEMPTS + " times");
    }

    private static boolean ended(DockerClient client, String container, int lines, EndOfStream end)
            throws IOException, InterruptedException {
        var callback = new EngineStream<Frame>() {
            @Override
            public void onNext(Frame frame) {
                end.write(frame.getPayload());
            }
        };
        try (callback) {
            client.logContainerCmd(container)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withTail(lines)
                    .exec(callback);
            return callback.ended(PATIENCE);
        }
    }

    private ContainerLog() {}
}
