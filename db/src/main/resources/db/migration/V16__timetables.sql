-- When an environment is stopped, started and deleted by itself, whoever uses it.
CREATE TABLE timetables (
    environment_id       uuid PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
    -- How long one run may last.
    max_lifetime_seconds bigint      CHECK (max_lifetime_seconds > 0),
    -- Five fields each, in the time of the zone.
    stop_cron            text        CHECK (length(stop_cron) BETWEEN 9 AND 100),
    start_cron           text        CHECK (length(start_cron) BETWEEN 9 AND 100),
    time_zone            text        CHECK (length(time_zone) BETWEEN 1 AND 64),
    -- Its moments up to here are done, or were not meant: no moment is done twice, and none of before it was written down.
    dealt_with           timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (num_nonnulls(stop_cron, start_cron) = 0 OR time_zone IS NOT NULL),
    CHECK (time_zone IS NULL OR num_nonnulls(stop_cron, start_cron) > 0)
);

-- What was announced: the stop of a run, or the delete of what is stopped. Of another run, or another rest, it means nothing.
CREATE TABLE announced_ends (
    environment_id uuid PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
    kind           text        NOT NULL CHECK (kind IN ('stop', 'delete')),
    -- When the run or the rest that is to end began.
    began_at       timestamptz NOT NULL,
    warned_at      timestamptz NOT NULL,
    ends_at        timestamptz NOT NULL CHECK (ends_at >= warned_at)
);

ALTER TABLE alerts
    DROP CONSTRAINT alerts_rule_check,
    ADD CONSTRAINT alerts_rule_check CHECK (rule IN ('host_silent', 'gpu_error', 'gpu_hot', 'disk_full', 'environment_failed',
        'queue_old', 'finding', 'quota_nearly_used', 'environment_ending'));
