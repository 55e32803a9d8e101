package io.remotegpu.drivers.spi;

import java.util.List;

/** What kind of workplace an environment is; decides its image and its services. */
public enum EnvironmentType {
    IDE(Service.SSH, Service.JUPYTER),
    TERMINAL(Service.SSH),
    DESKTOP(Service.SSH, Service.RDP, Service.VNC),
    TRAINING(Service.SSH, Service.TENSORBOARD);

    private final List<Service> services;

    EnvironmentType(Service... services) {
        this.services = List.of(services);
    }

    /** The services that an environment of this type offers, SSH first. */
    public List<Service> services() {
        return services;
    }

    /** The name in requests, answers, labels and rows, for example {@code "ide"}. */
    public String wireName() {
        return WireNames.of(this);
    }

    /** The type of that wire name; {@link IllegalArgumentException} when there is none. */
    public static EnvironmentType fromWireName(String name) {
        return WireNames.parse(EnvironmentType.class, name);
    }
}
