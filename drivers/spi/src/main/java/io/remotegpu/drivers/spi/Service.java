package io.remotegpu.drivers.spi;

/** A network service inside an environment, reachable from outside through one leased host port. */
public enum Service {
    SSH(2222),
    JUPYTER(8888),
    RDP(3389),
    VNC(5901),
    TENSORBOARD(6006);

    private final int containerPort;

    Service(int containerPort) {
        this.containerPort = containerPort;
    }

    /** The TCP port the service listens on inside the environment; fixed by the images in {@code deploy/images}. */
    public int containerPort() {
        return containerPort;
    }

    /** The name in requests, answers, labels and rows, for example {@code "ssh"}. */
    public String wireName() {
        return WireNames.of(this);
    }

    /** The service of that wire name; {@link IllegalArgumentException} when there is none. */
    public static Service fromWireName(String name) {
        return WireNames.parse(Service.class, name);
    }
}
