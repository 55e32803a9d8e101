package io.remotegpu.api.environment;

import io.remotegpu.api.security.Authorizations;
import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.KeptLogs;
import io.remotegpu.db.environment.LogStreams;
import io.remotegpu.drivers.spi.LogPart;
import io.remotegpu.workflows.SearchAttributes;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.FollowLogs;
import io.swagger.v3.oas.annotations.media.Schema;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Logs as they are written. The environment's host is told by a row that somebody follows, and hands part after part over
 * there; a workflow has it look, one for each host. The number of an event is the host's position behind it, so whoever comes
 * back with the last one that they got gets what follows it, by whichever process.
 */
@Component
class LogFollowing {

    private static final Logger LOG = LoggerFactory.getLogger(LogFollowing.class);

    /** A host that is not there yet is asked again after that. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(2);

    /** That it is still wanted, or the row is gone. */
    private static final Duration SAY_SO_EVERY = Duration.ofSeconds(30);

    private final WorkflowClient temporal;
    private final TimedCalls calls;
    private final LogStreams logs;
    private final KeptLogs kept;
    private final EnvironmentNews news;
    private final OwnEnvironments own;
    private final OperationsProperties settings;
    private final Authorizations authorizations;
    private final ServerSentEvents streams;

    LogFollowing(
            WorkflowClient temporal,
            TimedCalls calls,
            LogStreams logs,
            KeptLogs kept,
            EnvironmentNews news,
            OwnEnvironments own,
            OperationsProperties settings,
            Authorizations authorizations,
            ServerSentEvents streams) {
        this.temporal = temporal;
        this.calls = calls;
        this.logs = logs;
        this.kept = kept;
        this.news = news;
        this.own = own;
        this.settings = settings;
        this.authorizations = authorizations;
        this.streams = streams;
    }

    @Schema(name = "LogLines")
    record LinesView(List<String> lines) {}

    @Schema(name = "LogEnd")
    record EndView(String status) {}

    /**
     * From its last lines on, or from behind a position; waits for one that is on its way, ends with its compute.
     *
     * @param position the number of the last event that the reader got
     */
    SseEmitter open(Caller caller, UUID id, @Nullable String position, int tail) {
        return streams.open(caller, "the log of " + id, stream -> {
            var reading = new Reading(stream, caller, id, position, tail);
            // Listens before it looks: what is said in between is looked for once more.
            try (var interest = news.of(id, reading.row)) {
                reading.serve(interest);
            } finally {
                logs.close(reading.row);
            }
        });
    }

    /** One reader's. */
    private final class Reading {

        private final UUID row = UUID.randomUUID();
        private final ServerSentEvents.Stream stream;
        private final Caller caller;
        private final UUID id;
        private final int tail;
        private @Nullable String position;
        private boolean attended;
        private boolean told;

        Reading(ServerSentEvents.Stream stream, Caller caller, UUID id, @Nullable String position, int tail) {
            this.stream = stream;
            this.caller = caller;
            this.id = id;
            this.position = position;
            this.tail = tail;
        }

        void serve(EnvironmentNews.Interest interest) throws IOException, InterruptedException {
            stream.comment("log of " + id);
            while (!stream.isOver() && authorizations.isStillGood(caller)) {
                var environment = environment();
                if (environment.isEmpty()) {
                    return;
                }
                if (take(environment.get())) {
                    continue;
                }
                if (isAtItsEnd(environment.get())) {
                    end(environment.get());
                    return;
                }
                var left = stream.left();
                if (!left.isPositive()) {
                    return;
                }
                await(interest, left);
            }
        }

        private Optional<Environment> environment() {
            try {
                return Optional.of(own.owned(caller, id));
            } catch (ProblemException notFound) {
                return Optional.empty();
            }
        }

        /** Whether something came, and perhaps more is there. */
        private boolean take(Environment environment) throws IOException {
            var host = environment.hostId();
            if (host == null) {
                return false;
            }
            var taken = logs.take(row, host);
            if (taken.isEmpty() && !isAtItsEnd(environment)) {
                logs.open(row, id, host, position, tail);
            }
            attended = taken.map(LogStreams.Taken::attended).orElse(false);
            if (!attended && !isAtItsEnd(environment)) {
                haveRead(host);
            }
            var part = taken.map(LogStreams.Taken::part);
            if (part.isPresent()) {
                send(part.get());
            }
            return part.isPresent();
        }

        private void send(LogPart part) throws IOException {
            stream.send(SseEmitter.event()
                    .id(part.position())
                    .name("lines")
                    .data(new LinesView(part.lines()), MediaType.APPLICATION_JSON));
            position = part.position();
            told = true;
        }

        private void end(Environment environment) throws IOException {
            // What came up in vain was perhaps gone before its log was read here; but its host has kept it.
            var lines = told || position != null
                    ? List.<String>of()
                    : kept.find(id).map(log -> log.tail(tail)).orElse(List.of());
            if (!lines.isEmpty()) {
                stream.send(SseEmitter.event().name("lines").data(new LinesView(lines), MediaType.APPLICATION_JSON));
            }
            stream.send(SseEmitter.event()
                    .name("end")
                    .data(new EndView(environment.status().wireName()), MediaType.APPLICATION_JSON));
        }

        private void await(EnvironmentNews.Interest interest, Duration left) throws IOException, InterruptedException {
            var silence = shorter(attended ? SAY_SO_EVERY : ASK_AGAIN, settings.streamAlive());
            if (!interest.await(shorter(silence, left))) {
                stream.comment("alive");
            }
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static boolean isAtItsEnd(Environment environment) {
        return switch (environment.status()) {
            case QUEUED, CREATING, STARTING, RUNNING, STOPPING -> false;
            case STOPPED, DELETING, DELETED, FAILED -> true;
        };
    }

    private void haveRead(String hostId) {
        calls.later(() -> {
            try {
                WorkflowClient.start(temporal.newWorkflowStub(FollowLogs.class, options(hostId))::follow, hostId);
            } catch (RuntimeException failure) {
                LOG.debug("Host {} cannot be asked for logs now", hostId, failure);
            }
        });
    }

    private static WorkflowOptions options(String hostId) {
        return WorkflowOptions.newBuilder()
                .setWorkflowId(EnvironmentWorkflows.followWorkflowId(hostId))
                .setTaskQueue(TaskQueues.CONTROL)
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .setTypedSearchAttributes(io.temporal.common.SearchAttributes.newBuilder()
                        .set(SearchAttributes.HOST_ID, hostId)
                        .build())
                .setStaticSummary("follow logs on " + hostId)
                .build();
    }
}
