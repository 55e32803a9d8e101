package io.remotegpu.standalone;

import io.remotegpu.activities.host.HostReport;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a start prints when it is up: where everything is, and what to type next. */
record Welcome(Console console, Map<String, String> state) {

    private static final int HOSTS_SHOWN = 8;

    void print(List<HostReport> hosts) {
        hosts.stream().limit(HOSTS_SHOWN).forEach(host -> console.say("Host", describe(host)));
        if (hosts.size() > HOSTS_SHOWN) {
            console.say("Host", "and " + (hosts.size() - HOSTS_SHOWN) + " more");
        }
        console.line("\nRemoteGPU is up");
        String api = state.getOrDefault("api", "");
        console.say("API", api + "/api/v1");
        console.say("API docs", state.getOrDefault("docs", ""));
        if (state.containsKey("temporal_ui")) {
            console.say("Temporal UI", state.get("temporal_ui"));
        }
        if (hosts.stream().allMatch(host -> host.modes().isEmpty())) {
            console.line(
                    "\nNo Docker engine answers, so no host can take an environment: start one, or set DOCKER_HOST;"
                            + "\nit is noticed within 10 s. To try the API without one: ./remotegpu up --simulate 4x8");
        }
        console.line("\nNext: ./remotegpu demo        in another terminal; Ctrl-C here stops everything\n");
    }

    /** What a part alone is good for. */
    void print(Part part, Home home) {
        switch (part) {
            case EVERYTHING -> throw new IllegalArgumentException("a whole RemoteGPU is welcomed with its hosts");
            case SERVICES -> {
                console.line("\nPostgreSQL and Temporal are up");
                console.line(
                        "\nNext: ./remotegpu up --only api, and --only worker, each with a REMOTEGPU_HOME of its own and"
                                + "\n  TEMPORAL_ADDRESS=" + state.getOrDefault("temporal", "")
                                + "\n  REMOTEGPU_DATABASE_URL=postgresql://remotegpu:PASSWORD@"
                                + state.getOrDefault("postgres", "") + "/remotegpu"
                                + "\n  (the password is in " + home.postgres().resolve("password") + ")"
                                + "\n  REMOTEGPU_INSTALLATION_KEY=$(head -c 32 /dev/urandom | base64), the same for all of them\n");
            }
            case API -> {
                console.line("\nThe API is up; it wants a worker on the same database and Temporal");
                console.say("API", state.getOrDefault("api", "") + "/api/v1");
                console.say("API docs", state.getOrDefault("docs", ""));
            }
            case WORKER -> console.line("\nA worker is up; machines join by ./remotegpu agent");
        }
    }

    /** For example {@code "node-1: 8 CPUs, 31.2 GiB, 2 × NVIDIA H100; docker 26.1.5"}. */
    static String describe(HostReport host) {
        String engines = host.offers().isEmpty() ? "no engine" : String.join(", ", host.offers());
        return String.format(
                Locale.ROOT,
                "%s: %d CPUs, %.1f GiB, %s; %s",
                host.id(),
                host.cpu(),
                host.memory() / (double) (1L << 30),
                gpus(host.gpus()),
                engines);
    }

    private static String gpus(List<HostReport.Gpu> gpus) {
        if (gpus.isEmpty()) {
            return "no GPUs";
        }
        return gpus.stream()
                .collect(Collectors.groupingBy(HostReport.Gpu::model, java.util.TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(entry -> entry.getValue() + " × " + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
