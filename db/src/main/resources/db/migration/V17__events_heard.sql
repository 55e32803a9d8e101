-- Events of one environment are committed in the order of their ids, so that whoever has read up to one of them has missed
-- none before it. A sequence alone does not give that: who takes a number first may commit last. So a number counts from
-- the moment in which its writer holds the environment's row, which is until it commits; writers of an environment's
-- events hold that row anyway, and take it before other rows. And each event is heard once it is committed.
CREATE FUNCTION event_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM environments WHERE id = NEW.environment_id FOR NO KEY UPDATE;
    NEW.id := nextval(pg_get_serial_sequence('environment_events', 'id'));
    PERFORM pg_notify('environment_events', NEW.environment_id::text);
    RETURN NEW;
END $$;
CREATE TRIGGER event_in_turn BEFORE INSERT ON environment_events
    FOR EACH ROW EXECUTE FUNCTION event_in_turn();

-- Of an environment that is gone nothing will be said any more: who waits for that hears it, too.
CREATE FUNCTION environment_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('environment_events', OLD.id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER environment_removed AFTER DELETE ON environments
    FOR EACH ROW EXECUTE FUNCTION environment_gone();
CREATE TRIGGER environment_deleted AFTER UPDATE OF status ON environments
    FOR EACH ROW WHEN (NEW.status = 'deleted' AND OLD.status <> 'deleted') EXECUTE FUNCTION environment_gone();
