package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.libvirt.Domain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;

/** What can be done with one machine at libvirt; each by its id, so that no handle outlives a call. */
final class Machines {

    /** Managed save image, snapshot metadata, NVRAM: what would keep a domain from being undefined, or outlive it. */
    private static final int UNDEFINE_ALL = 1 | 2 | 4;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    /** A guest that is still booting does not hear the first request. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(2);

    private final LibvirtEngine engine;

    @FunctionalInterface
    private interface Action {
        void on(Domain domain) throws LibvirtException;
    }

    Machines(LibvirtEngine engine) {
        this.engine = engine;
    }

    /** Also one that is not ours. */
    Optional<Machine> find(UUID id) {
        return engine.ask("looking for " + MachineNames.domain(id), connection -> {
            Domain domain;
            try {
                domain = connection.domainLookupByUUID(id);
            } catch (LibvirtException e) {
                if (LibvirtErrors.noDomain(e)) {
                    return Optional.empty();
                }
                throw e;
            }
            try {
                MachineState state = connection.stateOf(id);
                return state.kind() == MachineState.Kind.GONE
                        ? Optional.empty()
                        : Optional.of(new Machine(id, metadataOf(domain), state, domain.isActive() == 1));
            } catch (LibvirtException e) {
                if (LibvirtErrors.noDomain(e)) {
                    return Optional.empty(); // it went while we looked
                }
                throw e;
            } finally {
                domain.free();
            }
        });
    }

    /** CPU time of the process that runs it, since it was started; null when none does. */
    @Nullable
    Long cpuNanos(UUID id) {
        return engine.ask("looking at the CPU time of " + MachineNames.domain(id), connection -> {
            try {
                Domain domain = connection.domainLookupByUUID(id);
                try {
                    return domain.isActive() == 1 ? domain.getInfo().cpuTime : null;
                } finally {
                    domain.free();
                }
            } catch (LibvirtException e) {
                if (LibvirtErrors.noDomain(e)) {
                    return null;
                }
                throw e;
            }
        });
    }

    /** The environments of an installation that have a domain, running or not. */
    Set<UUID> all(String installation) {
        return engine.ask("listing machines", connection -> {
            Set<UUID> ids = new HashSet<>();
            for (Domain domain : connection.listAllDomains(0)) {
                try {
                    if (!MachineNames.looksLikeOurs(domain.getName())) {
                        continue;
                    }
                    MachineMetadata metadata = metadataOf(domain);
                    if (metadata != null && metadata.installation().equals(installation)) {
                        ids.add(metadata.id());
                    }
                } catch (LibvirtException e) {
                    if (!LibvirtErrors.noDomain(e)) {
                        throw e;
                    }
                } finally {
                    domain.free();
                }
            }
            return ids;
        });
    }

    /** Makes libvirt know the machine, or know it anew while it is off. It comes back after the host was restarted. */
    void define(UUID id, String xml) {
        engine.ask("defining " + MachineNames.domain(id), connection -> {
            Domain domain = connection.domainDefineXML(xml);
            try {
                domain.setAutostart(true);
            } finally {
                domain.free();
            }
            return null;
        });
    }

    void start(UUID id) {
        with("starting", id, domain -> {
            if (domain.isActive() == 0) {
                domain.create();
            }
        });
    }

    void resume(UUID id) {
        with("continuing", id, Domain::resume);
    }

    /** Returns once no process runs it: it was asked to end, and, when the grace had passed, ended. */
    void end(UUID id, Duration grace) {
        long now = System.nanoTime();
        long deadline = now + grace.toNanos();
        long askedAt = now - ASK_AGAIN.toNanos();
        while (active(id)) {
            now = System.nanoTime();
            if (now >= deadline) {
                unlessOff("switching off", id, Domain::destroy);
                continue;
            }
            if (now - askedAt >= ASK_AGAIN.toNanos()) {
                unlessOff("shutting down", id, Domain::shutdown);
                askedAt = now;
            }
            pause(id);
        }
    }

    /** Only of a machine that is off. */
    void undefine(UUID id) {
        with("undefining", id, domain -> domain.undefine(UNDEFINE_ALL));
    }

    private boolean active(UUID id) {
        boolean[] active = {false};
        with("looking at", id, domain -> active[0] = domain.isActive() == 1);
        return active[0];
    }

    /** Does nothing when the machine has ended meanwhile, or is in a state in which it cannot be asked. */
    private void unlessOff(String doing, UUID id, Action action) {
        with(doing, id, domain -> {
            try {
                action.on(domain);
            } catch (LibvirtException e) {
                if (!LibvirtErrors.notInThatState(e)) {
                    throw e;
                }
            }
        });
    }

    /** Does nothing when there is no such machine. */
    private void with(String doing, UUID id, Action action) {
        engine.ask(doing + " " + MachineNames.domain(id), connection -> {
            try {
                Domain domain = connection.domainLookupByUUID(id);
                try {
                    action.on(domain);
                } finally {
                    domain.free();
                }
            } catch (LibvirtException e) {
                if (!LibvirtErrors.noDomain(e)) {
                    throw e;
                }
            }
            return null;
        });
    }

    private static @Nullable MachineMetadata metadataOf(Domain domain) throws LibvirtException {
        try {
            return MachineMetadata.parse(domain.getMetadata(Domain.MetadataType.ELEMENT, MachineNames.NAMESPACE, 0))
                    .orElse(null);
        } catch (LibvirtException e) {
            if (e.getError().getCode() == ErrorNumber.VIR_ERR_NO_DOMAIN_METADATA) {
                return null;
            }
            throw e;
        }
    }

    private static void pause(UUID id) {
        try {
            Thread.sleep(LOOK_AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(
                    ErrorKind.OUTCOME_UNKNOWN,
                    "waiting for the end of " + MachineNames.domain(id) + " was interrupted",
                    e);
        }
    }
}
