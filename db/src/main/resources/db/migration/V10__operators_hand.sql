-- What an operator does about an operation that hangs, and operations that wait or are taken back: visible as such.
ALTER TABLE operations
    -- Since when it gives back what it took, instead of going on.
    ADD COLUMN compensating_since timestamptz;

ALTER TABLE environment_events
    DROP CONSTRAINT environment_events_outcome_check,
    ADD CONSTRAINT environment_events_outcome_check
        CHECK (outcome IN ('started', 'done', 'failed', 'undone', 'waiting', 'retried', 'skipped', 'aborted'));

-- What is done in a workflow may be written twice; its key makes it one row.
ALTER TABLE audit_log
    ADD COLUMN key text;
CREATE UNIQUE INDEX audit_log_once ON audit_log (key) WHERE key IS NOT NULL;
