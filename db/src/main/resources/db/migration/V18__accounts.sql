-- Whose account is deactivated: what they run is stopped, and their tokens stay refused when they come back.
ALTER TABLE users
    -- The intention, written with the deactivation: since when what this user runs is stopped. What somebody else started for
    -- them after that is not.
    ADD COLUMN stops_since timestamptz,
    ADD CONSTRAINT users_active_are_not_stopped CHECK (stops_since IS NULL OR status = 'inactive');
CREATE INDEX users_stopped ON users (id) WHERE stops_since IS NOT NULL;
