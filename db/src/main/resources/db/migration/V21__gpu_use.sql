-- How much of the time that GPUs are held somebody computes on them, as far as it is seen. Written in the transaction that writes
-- the look it rests on, because looks are soon forgotten; like holding_log it outlives its environment, so that is no foreign key.
CREATE TABLE gpu_use_log (
    environment_id uuid        NOT NULL,
    -- From the first to the last of looks in a row that said the same.
    since          timestamptz NOT NULL,
    until          timestamptz NOT NULL CHECK (until > since),
    busy           boolean     NOT NULL,
    PRIMARY KEY (environment_id, since),
    -- No moment counts twice.
    CONSTRAINT gpu_use_log_once EXCLUDE USING gist (
        text_range(environment_id::text, environment_id::text, '[]') WITH &&, tstzrange(since, until) WITH &&)
);
