-- An installation keeps its name when its key is replaced: key_fingerprint is that of its first key, by which engines label
-- what is ours; current_key is the one that is written with.

CREATE TABLE installation_keys (
    fingerprint text        PRIMARY KEY,
    known_since timestamptz NOT NULL DEFAULT now()
);

INSERT INTO installation_keys (fingerprint) SELECT key_fingerprint FROM installation;

-- Absent: the first. A key that was once replaced never comes back as the current one.
ALTER TABLE installation ADD COLUMN current_key text;
