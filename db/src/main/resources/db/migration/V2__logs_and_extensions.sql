-- The end of an environment's log as it was last read, encrypted: programs write secrets into logs. One for each
-- environment, replaced by the next, and gone with it.
CREATE TABLE environment_logs (
    environment_id uuid PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
    ciphertext     bytea       NOT NULL,
    taken_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Until when its user asked that it be kept running, however idle it looks.
ALTER TABLE environments ADD COLUMN extended_until timestamptz;
