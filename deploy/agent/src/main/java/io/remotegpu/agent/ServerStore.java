package io.remotegpu.agent;

import io.remotegpu.activities.engine.CredentialSource;
import io.remotegpu.activities.engine.GpuKeeper;
import io.remotegpu.activities.engine.LogStore;
import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.LogPart;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Secrets, logs and who holds which GPU by way of the API, for steps of engines; nothing of it is kept here. */
final class ServerStore implements CredentialSource, LogStore, GpuKeeper {

    private static final int NOT_FOUND = 404;
    private static final int LARGEST_LOG = 200_000;

    private final ServerClient server;

    ServerStore(ServerClient server) {
        this.server = server;
    }

    @Override
    public Credentials credentials(UUID environmentId) {
        return ask("the credentials of environment " + environmentId, () -> server.credentials(environmentId));
    }

    @Override
    public void keep(UUID environmentId, List<String> lines) {
        ask("a place for the log of environment " + environmentId, () -> {
            server.log(environmentId, Heartbeat.newest(lines, LARGEST_LOG));
            return environmentId;
        });
    }

    @Override
    public List<Followed> followed(String hostId) {
        return ask("which logs are followed", server::followedLogs);
    }

    @Override
    public void offer(String hostId, Followed followed, LogPart part) {
        ask("a place for lines of environment " + followed.environmentId(), () -> {
            server.followedLog(followed, new LogPart(part.position(), Heartbeat.clean(part.lines())));
            return followed;
        });
    }

    @Override
    public void progress(UUID environmentId, String message) {
        ask("a place for what environment " + environmentId + " is at", () -> {
            server.progress(environmentId, message);
            return environmentId;
        });
    }

    @Override
    public List<String> heldBy(String hostId, UUID environmentId) {
        return ask("which GPUs environment " + environmentId + " holds", () -> server.gpusOf(environmentId));
    }

    @Override
    public void putInError(String hostId, Map<String, String> reasons) {
        ask("that GPUs are in error", () -> {
            server.gpuErrors(reasons);
            return reasons;
        });
    }

    private interface Question<T> {
        T ask() throws IOException, InterruptedException, RefusedException;
    }

    private static <T> T ask(String what, Question<T> question) {
        try {
            return question.ask();
        } catch (IOException e) {
            throw new DriverException(
                    ErrorKind.ENGINE_UNAVAILABLE, "the server does not give " + what + ": " + e.getMessage(), e);
        } catch (RefusedException e) {
            // All but one may pass: a token is renewed, another agent takes over and does the step.
            throw new DriverException(
                    e.status() == NOT_FOUND ? ErrorKind.CONFLICT : ErrorKind.ENGINE_UNAVAILABLE,
                    "the server refuses " + what + ": " + e.detail(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(
                    ErrorKind.OUTCOME_UNKNOWN, "the agent is shutting down while it asks for " + what, e);
        }
    }
}
