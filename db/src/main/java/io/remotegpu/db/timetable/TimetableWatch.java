package io.remotegpu.db.timetable;

import io.remotegpu.db.timetable.TimetableDecision.Step;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.drivers.spi.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Announces ends, and says what is to be stopped, started and deleted because its time has come. */
@Component
public class TimetableWatch {

    /** The step of its events. */
    public static final String STEP = "timetable";

    private static final Logger LOG = LoggerFactory.getLogger(TimetableWatch.class);

    private final TimetableRows rows;
    private final TimetableSettings settings;

    /**
     * An operation that is to be begun.
     *
     * @param moment of the schedule, which is dealt with when it begins; of a delete, since when it was stopped; otherwise null
     * @param waitAtMost of a start, how long for room; otherwise null
     */
    public record Due(
            UUID id,
            String name,
            String owner,
            DeploymentMode mode,
            @Nullable String hostId,
            OperationKind kind,
            String reason,
            @Nullable Instant moment,
            @Nullable Duration waitAtMost) {}

    public TimetableWatch(TimetableRows rows, TimetableSettings settings) {
        this.rows = rows;
        this.settings = settings;
    }

    /** Those for which something is to be written or begun now; each is to be {@linkplain #judge judged}. */
    public List<UUID> toJudge() {
        var now = rows.now();
        return rows.settled().stream()
                .filter(row -> concerns(row, now))
                .map(TimetableRow::id)
                .toList();
    }

    /**
     * Writes down what follows of its timetable now, and says what is to be begun. It is not done with that: until it began, the
     * same is said again.
     */
    @Transactional
    public Optional<Due> judge(UUID id) {
        var found = rows.lock(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var row = found.get();
        var now = rows.now();
        var decision = TimetableDecision.of(row, settings, now);
        announce(row, decision.announced());
        return switch (decision.step()) {
            case NOTHING -> Optional.empty();
            case WARN -> {
                rows.event(id, "warned", Objects.requireNonNull(decision.message()));
                yield Optional.empty();
            }
            case AS_IT_IS -> {
                rows.take(id, Objects.requireNonNull(decision.moment()));
                yield Optional.empty();
            }
            case LET_PASS -> {
                if (rows.take(id, Objects.requireNonNull(decision.moment()))) {
                    rows.event(id, "skipped", Objects.requireNonNull(decision.message()));
                }
                yield Optional.empty();
            }
            case STOP -> Optional.of(due(row, OperationKind.STOP, decision, now));
            case START -> Optional.of(due(row, OperationKind.START, decision, now));
            case DELETE -> Optional.of(due(row, OperationKind.DELETE, decision, now));
        };
    }

    /**
     * When those of these that run are stopped because they ran for their time, and those that are stopped are deleted because
     * they were for theirs, if nothing changes; without those to which neither comes.
     */
    public Map<UUID, Instant> ends(Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        var now = rows.now();
        var ends = new HashMap<UUID, Instant>();
        rows.rows(ids)
                .forEach(row -> TimetableDecision.end(row, settings, now).ifPresent(end -> ends.put(row.id(), end)));
        return ends;
    }

    /** Whether such an end may come to an environment in that state, so that it is worth asking. */
    public boolean mayEnd(EnvironmentStatus status, Timetable timetable) {
        return switch (status) {
            case RUNNING -> settings.lifetime(timetable.maxLifetime()).isPresent();
            case STOPPED -> settings.deleteAfter() != null;
            case QUEUED, CREATING, STARTING, STOPPING, DELETING, DELETED, FAILED -> false;
        };
    }

    private boolean concerns(TimetableRow row, Instant now) {
        if (row.isUnreadable()) {
            LOG.warn(
                    "The schedule of environment {} cannot be read and does nothing: {}; its user can set another",
                    row.id(),
                    row.timetable());
        }
        var decision = TimetableDecision.of(row, settings, now);
        var announced = decision.announced();
        return decision.step() != Step.NOTHING
                || row.warned() != null && (announced == null || announced.warnedAt() == null)
                || row.warned() != null
                        && announced != null
                        && !announced.endsAt().equals(row.warned().endsAt());
    }

    private void announce(TimetableRow row, @Nullable Announcement announced) {
        var warnedAt = announced == null ? null : announced.warnedAt();
        if (announced == null || warnedAt == null) {
            if (row.warned() != null) {
                rows.withdraw(row.id());
            }
            return;
        }
        switch (row.status()) {
            case RUNNING ->
                rows.announce(row.id(), "stop", Objects.requireNonNull(row.startedAt()), warnedAt, announced.endsAt());
            case STOPPED ->
                rows.announce(
                        row.id(), "delete", Objects.requireNonNull(row.stoppedAt()), warnedAt, announced.endsAt());
            case QUEUED, CREATING, STARTING, STOPPING, DELETING, DELETED, FAILED -> {}
        }
    }

    private static Due due(TimetableRow row, OperationKind kind, TimetableDecision decision, Instant now) {
        var startBy = decision.startBy();
        return new Due(
                row.id(),
                row.name(),
                row.owner(),
                row.mode(),
                row.hostId(),
                kind,
                Objects.requireNonNull(decision.message()),
                decision.moment(),
                startBy == null ? null : Duration.between(now, startBy));
    }
}
