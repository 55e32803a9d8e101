-- Who uses what runs, and what is concluded of it.
ALTER TABLE environments
    -- An admin's word: it is never stopped by itself.
    ADD COLUMN protected   boolean NOT NULL DEFAULT false,
    -- Why it was stopped, where nobody asked for it; of the last stop, until the next start.
    ADD COLUMN stop_reason text;

ALTER TABLE environment_events
    DROP CONSTRAINT environment_events_outcome_check,
    ADD CONSTRAINT environment_events_outcome_check CHECK (outcome IN ('started', 'done', 'failed', 'undone', 'waiting',
        'retried', 'skipped', 'aborted', 'warned'));

-- One look at one environment. What is null was not seen. Only what a conclusion may rest on is kept: since it was last used.
CREATE TABLE activity_samples (
    environment_id  uuid        NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    -- The pass that it was seen in, so that a pass that is written twice is one.
    pass            timestamptz NOT NULL,
    at              timestamptz NOT NULL DEFAULT clock_timestamp(),
    connections     integer CHECK (connections >= 0),
    cpu_nanos       bigint CHECK (cpu_nanos >= 0),
    gpu_percent     integer CHECK (gpu_percent BETWEEN 0 AND 100),
    busy_kernels    integer CHECK (busy_kernels >= 0),
    jupyter_last    timestamptz,
    -- Why it could not be looked at, in words; then nothing was seen.
    trouble         text,
    PRIMARY KEY (environment_id, pass),
    CHECK (trouble IS NULL OR num_nonnulls(connections, cpu_nanos, gpu_percent, busy_kernels, jupyter_last) = 0),
    CHECK (jupyter_last IS NULL OR busy_kernels IS NOT NULL)
);

-- What is concluded of the samples of a running environment.
CREATE TABLE idle_states (
    environment_id uuid PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
    judged_at      timestamptz NOT NULL,
    state          text        NOT NULL CHECK (state IN ('in_use', 'unknown', 'idle')),
    -- In words: what uses it, what is unknown, or why it is idle.
    finding        text        NOT NULL,
    idle_since     timestamptz,
    stops_at       timestamptz,
    warned_at      timestamptz,
    -- In a dry run: that it was said what would be done.
    said           boolean     NOT NULL DEFAULT false,
    CHECK ((state = 'idle') = (idle_since IS NOT NULL)),
    CHECK (state = 'idle' OR (stops_at IS NULL AND warned_at IS NULL AND NOT said))
);

-- What an environment asks for. A run may do with fewer GPUs: then gpu is what that run asks for, and holds, and reserves.
ALTER TABLE environments ADD COLUMN full_gpu integer;
UPDATE environments SET full_gpu = gpu;
ALTER TABLE environments
    ALTER COLUMN full_gpu SET NOT NULL,
    ADD CONSTRAINT environments_full_gpu CHECK (gpu <= full_gpu);

CREATE FUNCTION first_run_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.full_gpu := coalesce(NEW.full_gpu, NEW.gpu);
    RETURN NEW;
END $$;
CREATE TRIGGER first_run_is_full BEFORE INSERT ON environments
    FOR EACH ROW EXECUTE FUNCTION first_run_is_full();
