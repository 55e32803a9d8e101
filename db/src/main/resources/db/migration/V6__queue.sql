-- Who waits for capacity. The rows are the queue: who comes first follows from them and from what is held, so a restart of
-- everything changes neither order nor position. One that was given its place holds an allocation, and its row goes when
-- its workflow takes that up.
CREATE TABLE capacity_waits (
    environment_id uuid PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
    -- Age: given under the queue's lock, so that no two waiters are of one age and a clock set back makes nobody older.
    ticket         bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    since          timestamptz NOT NULL DEFAULT clock_timestamp(),
    deadline       timestamptz NOT NULL,
    CHECK (deadline > since)
);

-- An environment is queued exactly as long as it has a row here. Leaving the status leaves the queue; the other way round
-- is checked when the transaction ends.
CREATE FUNCTION leave_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM capacity_waits WHERE environment_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER leave_queue AFTER UPDATE OF status ON environments
    FOR EACH ROW WHEN (OLD.status = 'queued' AND NEW.status <> 'queued') EXECUTE FUNCTION leave_queue();

CREATE FUNCTION queued_means_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    environment uuid;
    now_queued  boolean;
    now_waiting boolean;
BEGIN
    IF TG_TABLE_NAME = 'environments' THEN
        environment := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        environment := OLD.environment_id;
    ELSE
        environment := NEW.environment_id;
    END IF;
    SELECT status = 'queued' INTO now_queued FROM environments WHERE id = environment;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    now_waiting := EXISTS (SELECT 1 FROM capacity_waits WHERE environment_id = environment);
    IF now_queued <> now_waiting THEN
        RAISE EXCEPTION 'environment % is queued: %, and has a row in the queue: %', environment, now_queued, now_waiting
            USING ERRCODE = 'check_violation', CONSTRAINT = 'queued_means_waiting';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER queued_means_waiting AFTER UPDATE OF status ON environments DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status = 'queued') EXECUTE FUNCTION queued_means_waiting();
CREATE CONSTRAINT TRIGGER queued_means_waiting_from_birth AFTER INSERT ON environments DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status = 'queued') EXECUTE FUNCTION queued_means_waiting();
CREATE CONSTRAINT TRIGGER waiting_means_queued AFTER INSERT OR UPDATE OR DELETE ON capacity_waits
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION queued_means_waiting();

-- How many ports a host can still lease: those of its range that neither it nor another node of its cluster has leased or set
-- aside, less what those still need who have a place there and no lease yet.
CREATE FUNCTION free_ports(host hosts) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT host.port_max - host.port_min + 1
        - (SELECT count(*) FROM (
            SELECT l.port FROM port_leases l
            WHERE (l.host_id = host.id OR l.cluster = host.cluster) AND l.port BETWEEN host.port_min AND host.port_max
            UNION
            SELECT s.port FROM ports_set_aside s JOIN hosts o ON o.id = s.host_id
            WHERE (o.id = host.id OR o.cluster = host.cluster) AND s.until > now()
                AND s.port BETWEEN host.port_min AND host.port_max) taken)
        - (SELECT coalesce(sum(CASE e.environment_type WHEN 'terminal' THEN 1 WHEN 'desktop' THEN 3 ELSE 2 END
                - (SELECT count(*) FROM port_leases l WHERE l.environment_id = e.id AND l.host_id = a.host_id)), 0)
            FROM allocations a JOIN environments e ON e.id = a.environment_id JOIN hosts o ON o.id = a.host_id
            WHERE a.released_at IS NULL AND (o.id = host.id OR o.cluster = host.cluster))
$$;

-- Whatever may let somebody go says so when, and only when, it is committed: releases, more of something, and who leaves
-- the queue or joins it (what was freed while it joined would be missed otherwise). Whoever does it, the rows tell.
CREATE FUNCTION capacity_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('capacity', '');
    RETURN NULL;
END $$;
CREATE TRIGGER capacity_released AFTER UPDATE OF released_at OR DELETE ON allocations
    FOR EACH STATEMENT EXECUTE FUNCTION capacity_changed();
CREATE TRIGGER capacity_gpu_added AFTER INSERT ON gpus
    FOR EACH STATEMENT EXECUTE FUNCTION capacity_changed();
CREATE TRIGGER capacity_gpu_free AFTER UPDATE OF status ON gpus
    FOR EACH ROW WHEN (OLD.status <> 'available' AND NEW.status = 'available') EXECUTE FUNCTION capacity_changed();
CREATE TRIGGER capacity_host_added AFTER INSERT ON hosts
    FOR EACH STATEMENT EXECUTE FUNCTION capacity_changed();
CREATE TRIGGER capacity_host_more AFTER UPDATE ON hosts
    FOR EACH ROW WHEN (NEW.status = 'active' AND (OLD.status <> 'active' OR NEW.total_cpu > OLD.total_cpu
        OR NEW.total_memory > OLD.total_memory OR NEW.deployment_modes <> OLD.deployment_modes
        OR NEW.port_max - NEW.port_min > OLD.port_max - OLD.port_min)) EXECUTE FUNCTION capacity_changed();
CREATE TRIGGER capacity_ports AFTER DELETE ON port_leases
    FOR EACH STATEMENT EXECUTE FUNCTION capacity_changed();
CREATE TRIGGER capacity_waits_changed AFTER INSERT OR DELETE ON capacity_waits
    FOR EACH STATEMENT EXECUTE FUNCTION capacity_changed();
