-- What is expected of a host, since when and why; and what became of it so far.
ALTER TABLE hosts
    ADD COLUMN status_reason text,
    ADD COLUMN status_since  timestamptz NOT NULL DEFAULT now(),
    -- Declared lost and not looked at since: its engines may still carry what was freed here. While this is true the host is given
    -- nothing, whatever anybody says.
    ADD COLUMN unswept       boolean     NOT NULL DEFAULT false,
    -- A drain that also stops what runs there.
    ADD COLUMN drain_stops   boolean     NOT NULL DEFAULT false;

UPDATE hosts SET unswept = true WHERE status = 'lost';

ALTER TABLE hosts
    ADD CONSTRAINT hosts_swept_before_use CHECK (NOT (unswept AND status IN ('pending', 'active'))),
    ADD CONSTRAINT hosts_drain_stops CHECK (NOT drain_stops OR status = 'draining');
CREATE INDEX hosts_unswept ON hosts (id) WHERE unswept;

CREATE TABLE host_events (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host_id text        NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
    -- What it was from then on, or still was.
    status  text        NOT NULL,
    message text,
    at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX host_events_of_host ON host_events (host_id, id);

-- Whatever statement changes a status: the time and the event go with it, and the reason of before does not stay.
CREATE FUNCTION note_host_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS NOT DISTINCT FROM OLD.status THEN
        RETURN NEW;
    END IF;
    IF NEW.status_reason IS NOT DISTINCT FROM OLD.status_reason THEN
        NEW.status_reason := NULL;
    END IF;
    IF NEW.status <> 'draining' THEN
        NEW.drain_stops := false;
    END IF;
    NEW.status_since := clock_timestamp();
    INSERT INTO host_events (host_id, status, message) VALUES (NEW.id, NEW.status, NEW.status_reason);
    RETURN NEW;
END $$;
CREATE TRIGGER note_host_status BEFORE UPDATE ON hosts
    FOR EACH ROW EXECUTE FUNCTION note_host_status();

-- One row: since when hosts could be heard. Silence from before, when nobody listened, is not the hosts'.
CREATE TABLE host_watch (
    id            integer PRIMARY KEY CHECK (id = 1),
    looked_at     timestamptz NOT NULL,
    hearing_since timestamptz NOT NULL
);
