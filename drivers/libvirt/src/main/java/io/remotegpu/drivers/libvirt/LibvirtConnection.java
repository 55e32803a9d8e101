package io.remotegpu.drivers.libvirt;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import java.util.UUID;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.jna.DomainPointer;
import org.libvirt.jna.Libvirt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to libvirt, with the one call that libvirt-java lacks: why a domain is in its state. */
final class LibvirtConnection extends Connect {

    private static final Logger log = LoggerFactory.getLogger(LibvirtConnection.class);
    private static final int KEEPALIVE_SECONDS = 5;
    private static final int KEEPALIVES_MISSED = 3;

    /** libvirt prints every error by itself otherwise, also those that are answers, such as "no such domain". */
    private static final Libvirt.VirErrorCallback SILENCE = (data, error) -> {};

    /** https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainGetState */
    interface States extends Library {
        int virDomainGetState(DomainPointer domain, IntByReference state, IntByReference reason, int flags);
    }

    /** Loaded with the first connection, because a host may have no libvirt. */
    private static final class Loaded {

        static final States STATES = Native.load("virt", States.class);

        static {
            try {
                Connect.setErrorCallback(SILENCE);
                // Keepalive messages are sent and answered by this loop; it must be there before the first connection.
                org.libvirt.Library.initEventLoop();
            } catch (LibvirtException e) {
                throw new IllegalStateException("libvirt cannot be initialised", e);
            }
            startEvents();
        }

        private static void startEvents() {
            Thread.ofPlatform().daemon().name("libvirt-events").start(() -> {
                while (true) {
                    try {
                        org.libvirt.Library.processEvent();
                    } catch (LibvirtException e) {
                        log.warn("libvirt's event loop stumbled", e);
                    }
                }
            });
        }
    }

    private final States states;

    private LibvirtConnection(String uri, States states) throws LibvirtException {
        super(uri);
        this.states = states;
    }

    static LibvirtConnection open(String uri) throws LibvirtException {
        States states = Loaded.STATES;
        var connection = new LibvirtConnection(uri, states);
        try {
            connection.setKeepAlive(KEEPALIVE_SECONDS, KEEPALIVES_MISSED);
        } catch (LibvirtException e) {
            // a driver within this process, such as test:///, cannot be lost
        }
        return connection;
    }

    /** The state of an existing domain. */
    MachineState stateOf(UUID id) throws LibvirtException {
        Domain domain = domainLookupByUUID(id);
        try {
            domain.getInfo(); // throws, as a domain that has gone does, what the call below only hints at
        } finally {
            domain.free();
        }
        DomainPointer pointer = Libvirt.INSTANCE.virDomainLookupByUUIDString(vcp, id.toString());
        if (pointer == null) {
            return MachineState.gone();
        }
        try {
            var state = new IntByReference();
            var reason = new IntByReference();
            return states.virDomainGetState(pointer, state, reason, 0) == 0
                    ? MachineState.of(state.getValue(), reason.getValue())
                    : MachineState.gone();
        } finally {
            Libvirt.INSTANCE.virDomainFree(pointer);
        }
    }
}
