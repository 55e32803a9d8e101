package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.LogContainerCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EndOfStream;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.LogPart;
import io.remotegpu.drivers.spi.StampedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
            throw interrupted(container, e);
        } catch (IOException e) {
            throw new UncheckedIOException("closing the log of " + container, e);
        }
        throw new DriverException(
                ErrorKind.OUTCOME_UNKNOWN,
                "the log of " + container + " does not end within " + PATIENCE + ", asked for " + ATTEMPTS + " times");
    }

    /** Reads on; a line of more than 16 KiB comes in several, as the engine has it. */
    static LogPart after(DockerClient client, String container, @Nullable String position, int tail) {
        return StampedLog.read(container, position, tail, (lines, since, reader) -> {
            LogContainerCmd command = of(client, container).withTimestamps(true);
            if (lines != null) {
                command.withTail(lines);
            }
            if (since != null) {
                command.withSince(Math.clamp(since.getEpochSecond(), 0, Integer.MAX_VALUE));
            }
            stamped(command, container, reader);
        });
    }

    private static void stamped(LogContainerCmd command, String container, StampedLog.Reader reader) {
        var callback = new EngineStream<Frame>() {
            private boolean enough;

            @Override
            public void onNext(Frame frame) {
                if (!enough && !reader.line(new String(frame.getPayload(), StandardCharsets.UTF_8))) {
                    enough = true;
                    onComplete();
                }
            }
        };
        try (callback) {
            command.exec(callback);
            if (!callback.ended(PATIENCE)) {
                throw new DriverException(
                        ErrorKind.OUTCOME_UNKNOWN, "the log of " + container + " does not end within " + PATIENCE);
            }
        } catch (NotFoundException e) {
            // gone meanwhile, and its log with it
        } catch (InterruptedException e) {
            throw interrupted(container, e);
        } catch (IOException e) {
            throw new UncheckedIOException("closing the log of " + container, e);
        }
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
            of(client, container).withTail(lines).exec(callback);
            return callback.ended(PATIENCE);
        }
    }

    private static LogContainerCmd of(DockerClient client, String container) {
        return client.logContainerCmd(container).withStdOut(true).withStdErr(true);
    }

    private static DriverException interrupted(String container, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new DriverException(
                ErrorKind.OUTCOME_UNKNOWN, "reading the log of " + container + " was interrupted", e);
    }

    private ContainerLog() {}
}
