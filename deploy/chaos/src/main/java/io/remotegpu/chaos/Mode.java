package io.remotegpu.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What environments are, and how much of it a user of the load asks for. */
enum Mode {
    SIMULATED(3, "128Mi", "64Mi", List.of(0, 0, 1, 1, 2, 4), "nothing"),
    DOCKER(3, "128Mi", "64Mi", List.of(0), "--docker-script: root, and an engine with the image of a terminal"),
    /** Few GPUs: those of a test cluster are for others, too. */
    K8S(3, "128Mi", "64Mi", List.of(0, 0, 1), "--kubeconfig FILE: a cluster in which a namespace may be made"),
    /** One a user: machines that are emulated take a processor each while they boot. */
    VM(1, "256Mi", "1Gi", List.of(0), "--vm-images FOLDER: root, libvirt, and images of machines");

    private final int slots;
    private final String memory;
    private final String storage;
    private final List<Integer> gpus;
    private final String needs;

    Mode(int slots, String memory, String storage, List<Integer> gpus, String needs) {
        this.slots = slots;
        this.memory = memory;
        this.storage = storage;
        this.gpus = gpus;
        this.needs = needs;
    }

    /** On command lines, and in the API. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What must be there for it. */
    String needs() {
        return needs;
    }

    /**
     * How many of its environments one user has at a time.
     *
     * @param modes beside which others
     */
    int slots(int modes) {
        return Math.max(1, slots / modes);
    }

    /** GPUs of an environment, as some number of at least 0 says. */
    int gpus(int dice) {
        return gpus.get(dice % gpus.size());
    }

    /** The least there is: what is tried is its life. */
    Map<String, Object> request(String name, int gpus) {
        return new HashMap<>(Map.of(
                "name", name,
                "environment_type", "terminal",
                "deployment_mode", word(),
                "cpu", 1,
                "memory", memory,
                "gpu", gpus,
                "storage", storage));
    }
}
