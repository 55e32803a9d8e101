-- Where users reach a service, when that is not its host's leased port: behind an ingress, or at a load balancer. It goes with
-- the lease.
ALTER TABLE port_leases
    ADD COLUMN public_host text,
    ADD COLUMN public_port integer CHECK (public_port BETWEEN 1 AND 65535),
    ADD COLUMN public_tls  boolean,
    ADD CONSTRAINT port_leases_public_address_whole CHECK (num_nonnulls(public_host, public_port, public_tls) IN (0, 3));
