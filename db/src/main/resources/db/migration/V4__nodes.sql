-- A host may be a node of a Kubernetes cluster. A cluster's node ports are open on all of its nodes, so a port is leased
-- once in a cluster, as it is leased once on a machine of its own.
ALTER TABLE hosts ADD COLUMN cluster text;
CREATE INDEX hosts_of_cluster ON hosts (cluster) WHERE cluster IS NOT NULL;

ALTER TABLE port_leases ADD COLUMN cluster text;
CREATE UNIQUE INDEX port_leases_in_cluster ON port_leases (cluster, port) WHERE cluster IS NOT NULL;

CREATE FUNCTION lease_in_cluster() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT cluster INTO NEW.cluster FROM hosts WHERE id = NEW.host_id;
    RETURN NEW;
END $$;
CREATE TRIGGER lease_in_cluster BEFORE INSERT ON port_leases
    FOR EACH ROW EXECUTE FUNCTION lease_in_cluster();
