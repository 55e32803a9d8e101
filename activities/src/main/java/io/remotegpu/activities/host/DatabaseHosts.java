package io.remotegpu.activities.host;

import io.remotegpu.db.host.AgentSessions;
import io.remotegpu.db.host.Capacity;
import io.remotegpu.db.host.GpuReport;
import io.remotegpu.db.host.Host;
import io.remotegpu.db.host.HostExistsException;
import io.remotegpu.db.host.HostRepository;
import io.remotegpu.db.host.HostStatus;
import io.remotegpu.db.host.HostUpdate;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.db.host.NewHost;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The hosts of the database that this process speaks for. */
@Component
class DatabaseHosts implements HostRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseHosts.class);

    private final Hosts hosts;
    private final HostRepository rows;
    private final AgentSessions agents;

    DatabaseHosts(Hosts hosts, HostRepository rows, AgentSessions agents) {
        this.hosts = hosts;
        this.rows = rows;
        this.agents = agents;
    }

    @Override
    public void register(Collection<HostReport> reports) {
        for (HostReport report : reports) {
            register(report);
        }
        Set<String> present = reports.stream().map(HostReport::id).collect(Collectors.toSet());
        for (Host host : rows.all()) {
            if (isSimulated(host)) {
                simulate(host, present.contains(host.id()));
            }
        }
    }

    @Override
    public Set<String> simulatedHosts() {
        return rows.all().stream()
                .filter(DatabaseHosts::isSimulated)
                .map(Host::id)
                .collect(Collectors.toSet());
    }

    @Override
    public void report(HostReport report) {
        take(report);
        hosts.heartbeat(report.id(), capacity(report))
                .orElse(List.of("an administrator removed host " + report.id() + "; the next start registers it again"))
                .forEach(LOG::warn);
    }

    private void register(HostReport report) {
        try {
            hosts.register(new NewHost(
                    report.id(),
                    report.name(),
                    report.address(),
                    report.bindAddress(),
                    modes(report),
                    report.cpu(),
                    report.memory(),
                    NewHost.DEFAULT_PORT_MIN,
                    NewHost.DEFAULT_PORT_MAX,
                    null,
                    null));
        } catch (HostExistsException known) {
            rows.findById(report.id())
                    .filter(host -> !report.bindAddress().equals(host.bindAddress()))
                    .ifPresent(host -> readdress(report));
        }
        report(report);
    }

    /**
     * Keeps agents away from what this process serves itself. The session is the same at every start, because only one
     * process speaks for a machine: another one of the same data is kept away by its lock.
     */
    private void take(HostReport report) {
        UUID own = UUID.nameUUIDFromBytes(("served in-process/" + report.id()).getBytes(StandardCharsets.UTF_8));
        agents.take(report.id(), own, "the server itself")
                .filter(holder -> !holder.session().equals(own))
                .ifPresent(holder -> {
                    throw new IllegalStateException("an agent that calls from " + holder.address() + " serves host "
                            + report.id() + ": end it first, or let this machine have another id (file host-id)");
                });
    }

    /** Only when --bind has changed: otherwise an administrator's own idea of the address stays. */
    private void readdress(HostReport report) {
        hosts.update(report.id(), new HostUpdate(null, report.address(), report.bindAddress(), null, null, null));
    }

    /** A simulated host of an earlier start takes nothing new while it is not simulated. */
    private void simulate(Host host, boolean present) {
        if (present && host.status() == HostStatus.DRAINING) {
            hosts.activate(host.id());
        } else if (!present && host.status() == HostStatus.ACTIVE) {
            hosts.drain(host.id());
        }
    }

    private static boolean isSimulated(Host host) {
        return host.modes().contains(DeploymentMode.SIMULATED);
    }

    private static Capacity capacity(HostReport report) {
        List<GpuReport> gpus = report.gpus().stream()
                .map(gpu -> new GpuReport(gpu.index(), gpu.uuid(), gpu.model(), gpu.memory(), gpu.error(), 0))
                .toList();
        return new Capacity(report.cpu(), report.memory(), modes(report), report.facts(), gpus);
    }

    private static Set<DeploymentMode> modes(HostReport report) {
        return report.modes().stream().map(DeploymentMode::fromWireName).collect(Collectors.toSet());
    }
}
