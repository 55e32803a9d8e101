package io.remotegpu.drivers.spi;

/** Which kind of engine runs an environment. */
public enum DeploymentMode {
    DOCKER,
    K8S,
    VM,
    /** The in-memory driver: only where simulation was switched on, and marked wherever it shows. */
    SIMULATED;

    /** The name in requests, answers, labels and rows, for example {@code "docker"}. */
    public String wireName() {
        return WireNames.of(this);
    }

    /** The mode of that wire name; {@link IllegalArgumentException} when there is none. */
    public static DeploymentMode fromWireName(String name) {
        return WireNames.parse(DeploymentMode.class, name);
    }
}
