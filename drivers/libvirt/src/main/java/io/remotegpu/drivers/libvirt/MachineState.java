package io.remotegpu.drivers.libvirt;

/**
 * How a domain stands, and why (https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainState).
 *
 * @param code the reason's number as libvirt gave it, for those that we have no word for
 */
record MachineState(Kind kind, int code) {

    enum Kind {
        /** Also while it waits for its disk. */
        RUNNING,
        /** It was asked to end, and does. */
        ENDING,
        STARTING_UP,
        PAUSED_BY_HAND,
        PAUSED_DISK_ERROR,
        /** For example while libvirt saves or migrates it. */
        PAUSED_OTHERWISE,
        /** Never started, or since then the host was. */
        OFF,
        OFF_FROM_WITHIN,
        OFF_BY_HAND,
        OFF_NOT_STARTED,
        CRASHED,
        /** Asleep by its own wish. */
        SLEEPING,
        GONE;

        /** Whether its system goes on, and so hears that it is to shut down. */
        boolean executes() {
            return this == RUNNING || this == ENDING;
        }
    }

    static MachineState gone() {
        return new MachineState(Kind.GONE, 0);
    }

    static MachineState of(int state, int reason) {
        return new MachineState(
                switch (state) {
                    case 1, 2 -> Kind.RUNNING;
                    case 3 -> paused(reason);
                    case 4 -> Kind.ENDING;
                    case 5 -> off(reason);
                    case 6 -> Kind.CRASHED;
                    case 7 -> Kind.SLEEPING;
                    default -> Kind.OFF;
                },
                reason);
    }

    private static Kind paused(int reason) {
        return switch (reason) {
            case 1 -> Kind.PAUSED_BY_HAND;
            case 5 -> Kind.PAUSED_DISK_ERROR;
            case 11 -> Kind.STARTING_UP;
            default -> Kind.PAUSED_OTHERWISE;
        };
    }

    private static Kind off(int reason) {
        return switch (reason) {
            case 1 -> Kind.OFF_FROM_WITHIN;
            case 2 -> Kind.OFF_BY_HAND;
            case 3 -> Kind.CRASHED;
            case 6 -> Kind.OFF_NOT_STARTED;
            default -> Kind.OFF;
        };
    }
}
