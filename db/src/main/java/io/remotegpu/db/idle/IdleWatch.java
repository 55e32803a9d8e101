package io.remotegpu.db.idle;

import io.remotegpu.db.timetable.Spoken;
import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Writes down what is seen of environments, and concludes when one is to be stopped. */
@Component
public class IdleWatch {

    /** The step of its events. */
    public static final String STEP = "idle";

    private final JdbcClient jdbc;
    private final IdleRows rows;
    private final IdleSettings settings;

    /** One that is to be looked at. */
    public record Watched(UUID id, DeploymentMode mode, String hostId) {}

    /** One that is to be stopped, and why. */
    public record Idle(UUID id, String name, String owner, DeploymentMode mode, String hostId, String reason) {}

    /**
     * What came of a look.
     *
     * @param warned whether its users were told, by this look
     * @param idle present when it is to be stopped
     */
    public record Judged(Idleness.State state, boolean warned, Optional<Idle> idle) {}

    public IdleWatch(JdbcClient jdbc, IdleRows rows, IdleSettings settings) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.settings = settings;
    }

    /** By the database's clock. */
    public Instant now() {
        return rows.now();
    }

    /**
     * Those that run and hold GPUs, or may not be idle for ever and are not protected; those with an operation under way are
     * left alone.
     */
    public List<Watched> watched() {
        record Row(
                Watched watched,
                boolean always,
                boolean kept,
                EnvironmentType type,
                @Nullable Duration asked) {}
        return jdbc
                .sql("""
                        SELECT e.id, e.deployment_mode, e.environment_type, e.host_id, e.idle_timeout_seconds, e.protected,
                            EXISTS (SELECT 1 FROM gpus g WHERE g.allocated_to = e.id) AS has_gpus
                        FROM environments e
                        WHERE e.status = 'running' AND e.host_id IS NOT NULL AND NOT EXISTS (
                            SELECT 1 FROM operations o WHERE o.environment_id = e.id AND o.ended_at IS NULL)
                        ORDER BY e.host_id, e.id""")
                .query((row, _) -> new Row(
                        new Watched(
                                row.getObject("id", UUID.class),
                                DeploymentMode.fromWireName(row.getString("deployment_mode")),
                                row.getString("host_id")),
                        row.getBoolean("has_gpus"),
                        row.getBoolean("protected"),
                        EnvironmentType.fromWireName(row.getString("environment_type")),
                        IdleRows.seconds(row, "idle_timeout_seconds")))
                .list()
                .stream()
                .filter(row -> row.always()
                        || !row.kept()
                                && settings.timeout(row.type(), row.asked()).isPresent())
                .map(Row::watched)
                .toList();
    }

    /**
     * Writes a look down and concludes; of one that runs no more, or on which an operation has begun, nothing. What may be idle
     * for ever is not judged: a look at it tells only how its GPUs are used. Again, for the same pass: the same.
     *
     * @param pass when the pass began, which names it
     * @param activity what was seen
     * @param trouble why nothing could be seen, or null
     */
    @Transactional
    public Optional<Judged> judge(Instant pass, UUID id, Activity activity, @Nullable String trouble) {
        var found = rows.lock(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var environment = found.get();
        var timeout = settings.timeout(environment.type(), environment.asked());
        var gap = settings.longestGap();
        var judged = !environment.kept() && timeout.isPresent();
        // Without the rest no idleness rests on it, should it be judged from now on.
        var seen = judged ? activity : new Activity(null, null, activity.gpuPercent(), null);
        rows.add(id, pass, environment.startedAt(), seen, trouble, settings.gpuPercent(), gap);
        var now = rows.now();
        if (!judged) {
            rows.forget(id);
            rows.trim(id, now, null, Duration.ZERO, gap);
            return Optional.empty();
        }
        var before = rows.state(id).filter(state -> !state.judgedAt().isBefore(environment.startedAt()));
        var idleness = IdleDecision.of(
                        environment.gpus() > 0, environment.type().services().contains(Service.JUPYTER), settings)
                .judge(rows.samples(id, environment.startedAt()), now);
        var plan = IdlePlan.of(
                idleness,
                timeout.get(),
                settings.dryRun() ? Duration.ZERO : settings.lead(timeout.get()),
                environment.extendedUntil(),
                before.map(IdleState::warnedAt).orElse(null),
                now);
        return Optional.of(follow(environment, timeout.get(), idleness, plan, before.orElse(null), now));
    }

    private Judged follow(
            IdleRows.Row environment,
            Duration timeout,
            Idleness idleness,
            IdlePlan plan,
            @Nullable IdleState before,
            Instant now) {
        var id = environment.id();
        var said = idleness.state() == Idleness.State.IDLE && before != null && before.said();
        @Nullable Idle idle = null;
        switch (plan.step()) {
            case NOTHING -> said = false;
            case WARN ->
                rows.event(
                        id,
                        "warned",
                        "nobody uses it since " + idleness.since() + ": it will be stopped at " + plan.stopsAt()
                                + ", its data is kept; use it, or extend it, to keep it running");
            case STOP -> {
                var reason = "nobody used it for " + Spoken.time(timeout) + ": " + idleness.finding();
                if (!settings.dryRun()) {
                    idle = new Idle(
                            id,
                            environment.name(),
                            environment.owner(),
                            environment.mode(),
                            environment.hostId(),
                            reason);
                } else if (!said) {
                    rows.event(id, "warned", "a trial only: it would be stopped now, because " + reason);
                    said = true;
                }
            }
        }
        rows.save(new IdleState(
                id,
                now,
                idleness.state(),
                idleness.finding(),
                idleness.since(),
                plan.stopsAt(),
                settings.dryRun() ? null : plan.warnedAt(),
                said));
        rows.trim(id, now, idleness.since(), timeout, settings.longestGap());
        return new Judged(idleness.state(), plan.step() == IdlePlan.Step.WARN, Optional.ofNullable(idle));
    }
}
