-- Who follows a log now, and the lines that are on their way to them, encrypted: programs write secrets into logs. What is
-- read is cleared; who does not ask for more within a while is gone. All of it is of the moment, and not worth writing ahead:
-- who follows a log when the database crashes begins anew where they were.
CREATE UNLOGGED TABLE log_streams (
    id             uuid PRIMARY KEY,
    environment_id uuid        NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    -- The host that is to read it.
    host_id        text        NOT NULL,
    -- How many lines it begins with, where there is no position.
    tail           integer     NOT NULL CHECK (tail > 0),
    -- Behind the lines that the host handed over last, in its engine's words.
    position       text,
    -- Those lines, until they are taken.
    ciphertext     bytea,
    wanted_until   timestamptz NOT NULL,
    -- When the host last asked what is wanted of it.
    attended_at    timestamptz
);
CREATE INDEX log_streams_of_host ON log_streams (host_id);
CREATE INDEX log_streams_of_environment ON log_streams (environment_id);

CREATE FUNCTION log_lines_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('environment_events', NEW.id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER log_lines_came AFTER UPDATE OF ciphertext ON log_streams
    FOR EACH ROW WHEN (NEW.ciphertext IS NOT NULL) EXECUTE FUNCTION log_lines_came();

-- What an engine says while a step of it goes on.
ALTER TABLE environment_events
    DROP CONSTRAINT environment_events_outcome_check,
    ADD CONSTRAINT environment_events_outcome_check CHECK (outcome IN ('started', 'done', 'failed', 'undone', 'waiting',
        'retried', 'skipped', 'aborted', 'warned', 'progress'));
