-- Who held what from when to when: every GPU, port, host's CPU and memory, and share of a quota that was ever given. Written
-- by triggers in the transaction that gives or takes back, so that no statement can forget it; outlives users, hosts, GPUs and
-- environments, so none of those is a foreign key. What was given and taken back before this version is in allocations.
CREATE TYPE text_range AS RANGE (subtype = text, collation = "C");

CREATE TABLE holding_log (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- gpu and port are held by one at a time; host, compute and quota are shares.
    kind           text        NOT NULL CHECK (kind IN ('gpu', 'port', 'host', 'compute', 'quota')),
    -- gpu/<id>, port/<host>/<port> or port/cluster/<cluster>/<port>, host/<id>, user/<id>
    thing          text        NOT NULL,
    environment_id uuid        NOT NULL,
    user_id        bigint      NOT NULL,
    host_id        text,
    cpu            integer,
    memory         bigint,
    gpu            integer,
    storage        bigint,
    held_from      timestamptz NOT NULL,
    held_to        timestamptz CHECK (held_to >= held_from),
    -- In no interval do two hold one thing. A point of text as a range: so equality needs no extension in a GiST index.
    CONSTRAINT holding_log_one_at_a_time EXCLUDE USING gist (
        text_range(thing, thing, '[]') WITH &&, tstzrange(held_from, held_to) WITH &&) WHERE (kind IN ('gpu', 'port'))
);
CREATE UNIQUE INDEX holding_log_open ON holding_log (environment_id, kind, thing) WHERE held_to IS NULL;
CREATE INDEX holding_log_of_thing ON holding_log (thing, held_to) WHERE kind IN ('gpu', 'port');
CREATE INDEX holding_log_ended ON holding_log (held_to);
CREATE INDEX holding_log_of_environment ON holding_log (environment_id, held_from);

-- Append-only: a row may be ended once, and nothing else. (Truncating it is a deliberate act of the schema's owner.)
CREATE FUNCTION keep_holding_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before holding_log;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before := NEW;
        before.held_to := NULL;
        IF NEW.held_to IS NOT NULL AND before IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'holding_log is append-only: row % cannot be changed or deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_holding_log BEFORE UPDATE OR DELETE ON holding_log
    FOR EACH ROW EXECUTE FUNCTION keep_holding_log();

-- The clock may have been set back since the thing was last given back; its intervals still follow each other.
CREATE FUNCTION log_hold(a_kind text, a_thing text, environment uuid, host text,
    a_cpu integer, a_memory bigint, a_gpu integer, a_storage bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO holding_log (kind, thing, environment_id, user_id, host_id, cpu, memory, gpu, storage, held_from)
    SELECT a_kind, a_thing, environment, (SELECT user_id FROM environments WHERE id = environment), host,
        a_cpu, a_memory, a_gpu, a_storage,
        greatest(clock_timestamp(), CASE WHEN a_kind IN ('gpu', 'port') THEN
            (SELECT max(held_to) FROM holding_log WHERE thing = a_thing AND kind IN ('gpu', 'port')) END)
$$;

CREATE FUNCTION log_let_go(a_kind text, a_thing text, environment uuid) RETURNS void LANGUAGE sql AS $$
    UPDATE holding_log SET held_to = greatest(clock_timestamp(), held_from)
    WHERE environment_id = environment AND kind = a_kind AND thing = a_thing AND held_to IS NULL
$$;

CREATE FUNCTION log_gpu() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.allocated_to IS NOT DISTINCT FROM NEW.allocated_to AND OLD.id = NEW.id THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.allocated_to IS NOT NULL THEN
        PERFORM log_let_go('gpu', 'gpu/' || OLD.id, OLD.allocated_to);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.allocated_to IS NOT NULL THEN
        PERFORM log_hold('gpu', 'gpu/' || NEW.id, NEW.allocated_to, NEW.host_id, NULL, NEW.memory, NULL, NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER log_gpu AFTER INSERT OR UPDATE OF id, allocated_to OR DELETE ON gpus
    FOR EACH ROW EXECUTE FUNCTION log_gpu();

CREATE FUNCTION port_name(lease port_leases) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'port/' || coalesce('cluster/' || lease.cluster, lease.host_id) || '/' || lease.port
$$;

CREATE FUNCTION log_port() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM log_let_go('port', port_name(OLD), OLD.environment_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM log_hold('port', port_name(NEW), NEW.environment_id, NEW.host_id, NULL, NULL, NULL, NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER log_port AFTER INSERT OR UPDATE OF host_id, cluster, port, environment_id OR DELETE ON port_leases
    FOR EACH ROW EXECUTE FUNCTION log_port();

CREATE FUNCTION log_allocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.released_at IS NULL THEN
        PERFORM log_let_go('host', 'host/' || OLD.host_id, OLD.environment_id);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.released_at IS NULL THEN
        PERFORM log_hold('host', 'host/' || NEW.host_id, NEW.environment_id, NEW.host_id, NEW.cpu, NEW.memory, NULL, NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER log_allocation AFTER INSERT OR UPDATE OR DELETE ON allocations
    FOR EACH ROW EXECUTE FUNCTION log_allocation();

CREATE FUNCTION log_reservation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.compute_held THEN
        PERFORM log_let_go('compute', 'user/' || OLD.user_id, OLD.environment_id);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.compute_held THEN
        PERFORM log_hold('compute', 'user/' || NEW.user_id, NEW.environment_id, NULL, NEW.cpu, NEW.memory, NEW.gpu, NULL);
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.environment_id, OLD.user_id, OLD.storage) = (NEW.environment_id, NEW.user_id, NEW.storage) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM log_let_go('quota', 'user/' || OLD.user_id, OLD.environment_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM log_hold('quota', 'user/' || NEW.user_id, NEW.environment_id, NULL, NULL, NULL, NULL, NEW.storage);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER log_reservation AFTER INSERT OR UPDATE OR DELETE ON reservations
    FOR EACH ROW EXECUTE FUNCTION log_reservation();

-- Even emptying a table gives back what it said was held.
CREATE FUNCTION log_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE holding_log SET held_to = greatest(clock_timestamp(), held_from)
    WHERE held_to IS NULL AND kind = ANY (TG_ARGV);
    RETURN NULL;
END $$;
CREATE TRIGGER log_truncated AFTER TRUNCATE ON gpus FOR EACH STATEMENT EXECUTE FUNCTION log_truncated('gpu');
CREATE TRIGGER log_truncated AFTER TRUNCATE ON port_leases FOR EACH STATEMENT EXECUTE FUNCTION log_truncated('port');
CREATE TRIGGER log_truncated AFTER TRUNCATE ON allocations FOR EACH STATEMENT EXECUTE FUNCTION log_truncated('host');
CREATE TRIGGER log_truncated AFTER TRUNCATE ON reservations FOR EACH STATEMENT EXECUTE FUNCTION log_truncated('compute', 'quota');

-- What is held at the moment of this migration.
INSERT INTO holding_log (kind, thing, environment_id, user_id, host_id, memory, held_from)
    SELECT 'gpu', 'gpu/' || g.id, e.id, e.user_id, g.host_id, g.memory, coalesce(a.allocated_at, g.updated_at)
    FROM gpus g JOIN environments e ON e.id = g.allocated_to
        LEFT JOIN allocations a ON a.environment_id = e.id AND a.released_at IS NULL;
INSERT INTO holding_log (kind, thing, environment_id, user_id, host_id, held_from)
    SELECT 'port', port_name(l), e.id, e.user_id, l.host_id, l.leased_at
    FROM port_leases l JOIN environments e ON e.id = l.environment_id;
INSERT INTO holding_log (kind, thing, environment_id, user_id, host_id, cpu, memory, held_from)
    SELECT 'host', 'host/' || a.host_id, e.id, e.user_id, a.host_id, a.cpu, a.memory, a.allocated_at
    FROM allocations a JOIN environments e ON e.id = a.environment_id WHERE a.released_at IS NULL;
INSERT INTO holding_log (kind, thing, environment_id, user_id, storage, held_from)
    SELECT 'quota', 'user/' || r.user_id, r.environment_id, r.user_id, r.storage, r.created_at FROM reservations r;
INSERT INTO holding_log (kind, thing, environment_id, user_id, cpu, memory, gpu, held_from)
    SELECT 'compute', 'user/' || r.user_id, r.environment_id, r.user_id, r.cpu, r.memory, r.gpu, r.created_at
    FROM reservations r WHERE r.compute_held;

-- What the reconciler found. One open row for each thing that is wrong; it is closed when it is gone or healed.
CREATE TABLE reconciler_findings (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The check's stable name, and what it is about: environment/<id>, host/<id>, gpu/<id> and the like.
    check_name     text        NOT NULL,
    subject        text        NOT NULL,
    severity       text        NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
    environment_id uuid,
    host_id        text,
    found          text        NOT NULL,
    remedy         text        NOT NULL,
    first_seen     timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen      timestamptz NOT NULL DEFAULT clock_timestamp(),
    times_seen     integer     NOT NULL DEFAULT 1 CHECK (times_seen >= 1),
    -- What was done about it, last.
    healing        text,
    closed_at      timestamptz,
    outcome        text CHECK (outcome IN ('healed', 'gone')),
    CHECK ((closed_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX reconciler_findings_open ON reconciler_findings (check_name, subject) WHERE closed_at IS NULL;
CREATE INDEX reconciler_findings_newest ON reconciler_findings (last_seen DESC, id DESC);
CREATE INDEX reconciler_findings_of_environment ON reconciler_findings (environment_id);

-- The same things as the log names them, for comparing the two.
CREATE VIEW held_now AS
    SELECT 'gpu' AS kind, 'gpu/' || id AS thing, allocated_to AS environment_id FROM gpus WHERE allocated_to IS NOT NULL
    UNION ALL SELECT 'port', port_name(l), environment_id FROM port_leases l
    UNION ALL SELECT 'host', 'host/' || host_id, environment_id FROM allocations WHERE released_at IS NULL
    UNION ALL SELECT 'compute', 'user/' || user_id, environment_id FROM reservations WHERE compute_held
    UNION ALL SELECT 'quota', 'user/' || user_id, environment_id FROM reservations;
CREATE VIEW logged_now AS
    SELECT kind, thing, environment_id FROM holding_log WHERE held_to IS NULL;
