package io.remotegpu.bench;

import java.time.Duration;
import java.util.Map;

/** The parts that create environments on a real engine, in turn with that engine alone. */
enum Creation {
    // The engine's proxy takes connections before the container has its address. What it then sends to a bridge with
    // other containers is lost, and sent again after a second only.
    TERMINAL(
            Part.TERMINAL,
            "docker",
            "a terminal environment",
            30,
            20,
            new SshBanner(Duration.ofMillis(5), Duration.ofMillis(25), Duration.ofMinutes(2))),
    POD(
            Part.POD,
            "k8s",
            "a terminal environment on Kubernetes",
            10,
            20,
            new SshBanner(Duration.ofMillis(5), Duration.ofSeconds(2), Duration.ofMinutes(3))),
    // An emulated guest that is asked all the time has no time to boot; and each sample takes a minute.
    VM(
            Part.VM,
            "vm",
            "a terminal environment as a virtual machine",
            1,
            5,
            new SshBanner(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofMinutes(6)));

    private final Part part;
    private final String mode;
    private final String what;
    private final int warmUp;
    private final int samples;
    private final SshBanner banner;

    Creation(Part part, String mode, String what, int warmUp, int samples, SshBanner banner) {
        this.part = part;
        this.mode = mode;
        this.what = what;
        this.warmUp = warmUp;
        this.samples = samples;
        this.banner = banner;
    }

    Part part() {
        return part;
    }

    /** As the API calls it. */
    String mode() {
        return mode;
    }

    /** For people. */
    String what() {
        return what;
    }

    /** Rounds that are not counted. */
    int warmUp() {
        return warmUp;
    }

    /** When nobody says otherwise. */
    int samples() {
        return samples;
    }

    /** How the SSH server is asked for, the same for both. */
    SshBanner banner() {
        return banner;
    }

    /**
     * The engine, which answers.
     *
     * @param environment the process's, with the settings that the server has, too
     */
    RawEngine connect(Map<String, String> environment) throws MissingException, InterruptedException {
        return switch (this) {
            case TERMINAL -> RawDocker.connect(banner);
            case POD -> RawKubernetes.connect(environment, banner);
            case VM -> RawLibvirt.connect(environment, banner);
        };
    }
}
