-- The audit: what requests did, what an operator said to a workflow, and what the system did by itself. -----------

ALTER TABLE audit_log
    -- The HTTP status of the answer; null for what no request asked for.
    ALTER COLUMN outcome DROP NOT NULL,
    ALTER COLUMN at SET DEFAULT clock_timestamp(),
    ADD COLUMN origin text NOT NULL DEFAULT 'api' CHECK (origin IN ('api', 'operator', 'automatic')),
    -- Why it was refused, or what was done, in a few words; never a request's body.
    ADD COLUMN detail text CHECK (length(detail) <= 1000),
    ADD COLUMN target_type text GENERATED ALWAYS AS (nullif(split_part(subject, '/', 1), '')) STORED,
    ADD COLUMN target_id text
        GENERATED ALWAYS AS (nullif(substr(subject, length(split_part(subject, '/', 1)) + 2), '')) STORED,
    ADD COLUMN result text NOT NULL GENERATED ALWAYS AS (CASE WHEN outcome IS NULL THEN 'done' WHEN outcome = 202 THEN 'accepted'
        WHEN outcome < 400 THEN 'done' WHEN outcome < 500 THEN 'refused' ELSE 'failed' END) STORED;
UPDATE audit_log SET origin = 'operator' WHERE key IS NOT NULL;
ALTER TABLE audit_log
    ADD CONSTRAINT audit_log_requests_are_answered CHECK ((outcome IS NULL) = (origin = 'automatic'));
CREATE INDEX audit_log_of_actor ON audit_log (actor, id DESC);
CREATE INDEX audit_log_of_target ON audit_log (target_type, target_id, id DESC);

-- Append-only, whoever writes: nothing is changed, and what is younger than 30 days is not deleted either. What is older goes
-- by forget_audit_log alone, which says so in the log.
CREATE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.at < nullif(current_setting('remotegpu.forget_audit_before', true), '')::timestamptz
            AND OLD.at < clock_timestamp() - interval '30 days' THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit_log is append-only: % is refused', lower(TG_OP)
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'what is older than 30 days goes by forget_audit_log(before, by)';
END $$;
CREATE TRIGGER keep_audit_log BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION keep_audit_log();
CREATE TRIGGER keep_audit_log_whole BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log();

-- Retention, by hand or by an operator's cron: deletes what is older than both that moment and 30 days, and writes down that, how
-- much and by whom. Returns how many rows went.
CREATE FUNCTION forget_audit_log(before timestamptz, by text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    forgotten bigint;
BEGIN
    IF before IS NULL OR coalesce(by, '') = '' THEN
        RAISE EXCEPTION 'say until when, and who forgets';
    END IF;
    PERFORM set_config('remotegpu.forget_audit_before', before::text, true);
    DELETE FROM audit_log WHERE at < before AND at < clock_timestamp() - interval '30 days';
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    PERFORM set_config('remotegpu.forget_audit_before', '', true);
    INSERT INTO audit_log (origin, actor, action, subject, detail)
        VALUES ('automatic', by, 'audit forgotten', 'audit', forgotten || ' rows from before ' || before);
    RETURN forgotten;
END $$;

-- Usage: computed from holding_log alone, which outlives users, hosts, GPUs and environments. ---------------------

-- What it lacked: which model a GPU was when it was given.
ALTER TABLE holding_log ADD COLUMN model text;
ALTER TABLE holding_log DISABLE TRIGGER keep_holding_log;
UPDATE holding_log l SET model = coalesce(
    (SELECT g.model FROM gpu_allocations g JOIN allocations a ON a.id = g.allocation_id
        WHERE 'gpu/' || g.gpu_id = l.thing AND a.environment_id = l.environment_id ORDER BY g.allocation_id DESC LIMIT 1),
    (SELECT g.model FROM gpus g WHERE 'gpu/' || g.id = l.thing),
    'unknown')
WHERE kind = 'gpu';
ALTER TABLE holding_log ENABLE TRIGGER keep_holding_log;

CREATE FUNCTION name_model() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.model IS NULL THEN
        IF NEW.thing ~ '^gpu/[0-9]{1,18}$' THEN
            SELECT g.model INTO NEW.model FROM gpus g WHERE g.id = substr(NEW.thing, 5)::bigint;
        END IF;
        NEW.model := coalesce(NEW.model, 'unknown');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER name_model BEFORE INSERT ON holding_log
    FOR EACH ROW WHEN (NEW.kind = 'gpu') EXECUTE FUNCTION name_model();

-- And what was given and taken back before there was this log: it is in the allocations, and in the environments. Where the log has
-- something of that time already, it is right.
INSERT INTO holding_log (kind, thing, environment_id, user_id, host_id, cpu, memory, held_from, held_to)
    SELECT 'host', 'host/' || a.host_id, e.id, e.user_id, a.host_id, a.cpu, a.memory, a.allocated_at, a.released_at
    FROM allocations a JOIN environments e ON e.id = a.environment_id
    WHERE a.released_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM holding_log l WHERE l.kind = 'host' AND l.environment_id = e.id AND l.host_id = a.host_id
            AND tstzrange(l.held_from, l.held_to, '[]') && tstzrange(a.allocated_at, a.released_at, '[]'));
INSERT INTO holding_log (kind, thing, environment_id, user_id, host_id, model, held_from, held_to)
    SELECT 'gpu', 'gpu/' || g.gpu_id, e.id, e.user_id, a.host_id, g.model, a.allocated_at, a.released_at
    FROM gpu_allocations g JOIN allocations a ON a.id = g.allocation_id JOIN environments e ON e.id = a.environment_id
    WHERE a.released_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM holding_log l WHERE l.kind = 'gpu' AND l.thing = 'gpu/' || g.gpu_id AND l.environment_id = e.id
            AND tstzrange(l.held_from, l.held_to, '[]') && tstzrange(a.allocated_at, a.released_at, '[]'))
    ON CONFLICT DO NOTHING;
INSERT INTO holding_log (kind, thing, environment_id, user_id, storage, held_from, held_to)
    SELECT 'quota', 'user/' || e.user_id, e.id, e.user_id, e.storage, e.created_at, e.deleted_at
    FROM environments e
    WHERE e.deleted_at >= e.created_at
        AND NOT EXISTS (SELECT 1 FROM holding_log l WHERE l.kind = 'quota' AND l.environment_id = e.id);

ALTER TABLE holding_log
    ADD CONSTRAINT holding_log_gpus_have_models CHECK ((kind = 'gpu') = (model IS NOT NULL)),
    ADD CONSTRAINT holding_log_amounts CHECK (CASE kind
        WHEN 'host' THEN num_nonnulls(host_id, cpu, memory) = 3 WHEN 'quota' THEN storage IS NOT NULL
        ELSE true END);
CREATE INDEX holding_log_of_user ON holding_log (user_id, held_to);
