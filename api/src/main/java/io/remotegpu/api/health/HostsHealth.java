package io.remotegpu.api.health;

import io.remotegpu.db.host.HostCounts;
import io.remotegpu.db.host.HostStatus;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * How many hosts, whose engines are theirs, are in each status. That some are silent is no reason to send nobody to this server, so it is
 * down with the database only.
 */
final class HostsHealth extends AbstractHealthIndicator {

    private final HostCounts counts;

    HostsHealth(HostCounts counts) {
        super("the hosts cannot be counted");
        this.counts = counts;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        var hosts = counts.hosts();
        for (var status : HostStatus.values()) {
            health.withDetail(status.wireName(), hosts.getOrDefault(status, 0));
        }
        health.up();
    }
}
