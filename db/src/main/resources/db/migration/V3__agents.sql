-- Which agent carries a host's steps out: at most one, so that nothing is done by two at once. Another one may take its
-- place once it gave the host up, or has not been heard of for a while; db/host/AgentSessions says how long that is.
CREATE TABLE agent_sessions (
    host_id   text PRIMARY KEY REFERENCES hosts (id) ON DELETE CASCADE,
    -- Chosen by the agent, at random, and kept over its restarts.
    session   uuid        NOT NULL,
    -- Where it calls from, for people.
    address   text        NOT NULL,
    since     timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen timestamptz NOT NULL DEFAULT clock_timestamp()
);
