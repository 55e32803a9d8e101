package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The API, two workers and one host's agent, each a process of its own; PostgreSQL and Temporal beneath another. Whoever
 * speaks to whom does so over a cable that can be cut.
 */
final class Apart implements Installation {

    static final String HOST = "sim-apart";
    private static final String GPUS = "16";

    private final Path work;
    private final Path agentJar;
    private final boolean simulated;
    private final Map<String, String> settings;
    private final Server services;
    private final Jar jar;
    private final Cable apiToTemporal;
    private final Cable apiToDatabase;
    private final Cable agentToTemporal;
    private final Cable agentToApi;
    private final List<Cable> workersToTemporal;
    private final List<Cable> workersToDatabase;
    private final List<Server> workers = new ArrayList<>();
    private @Nullable Server api;
    private @Nullable Agent agent;

    /**
     * @param settings environment variables for all of them
     * @param simulated whether the host's engine is the one in memory; else it is the Docker engine of the settings
     */
    Apart(
            Path work,
            Path services,
            Jar jar,
            Path agentJar,
            boolean simulated,
            Map<String, String> settings,
            long seed) {
        this.work = work;
        this.jar = jar;
        this.agentJar = agentJar;
        this.simulated = simulated;
        this.settings = new HashMap<>(settings);
        byte[] key = new byte[32];
        new Random(seed).nextBytes(key);
        this.settings.put("REMOTEGPU_INSTALLATION_KEY", Base64.getEncoder().encodeToString(key));
        this.services = Server.part(services, jar, "services", settings);
        apiToTemporal = toTemporal();
        apiToDatabase = toDatabase();
        agentToTemporal = toTemporal();
        agentToApi = new Cable(() -> api().url().getAuthority());
        workersToTemporal = List.of(toTemporal(), toTemporal());
        workersToDatabase = List.of(toDatabase(), toDatabase());
    }

    private Cable toTemporal() {
        return new Cable(() -> services().state("temporal"));
    }

    private Cable toDatabase() {
        return new Cable(() -> services().state("postgres"));
    }

    @Override
    public void start() throws InterruptedException {
        services.start();
        api = Server.part(work.resolve("api"), jar, "api", connected(apiToTemporal, apiToDatabase));
        api.start();
        for (int number = 0; number < workersToTemporal.size(); number++) {
            var worker = Server.part(
                    work.resolve("worker-" + (number + 1)),
                    jar,
                    "worker",
                    connected(workersToTemporal.get(number), workersToDatabase.get(number)));
            workers.add(worker);
            worker.start();
        }
    }

    private Map<String, String> connected(Cable temporal, Cable database) {
        var theirs = new HashMap<>(settings);
        theirs.put("TEMPORAL_ADDRESS", temporal.address());
        try {
            String password = Files.readString(services.home().resolve("postgres/password"))
                    .strip();
            theirs.put(
                    "REMOTEGPU_DATABASE_URL",
                    "postgresql://remotegpu:" + password + "@" + database.address() + "/remotegpu");
        } catch (IOException e) {
            throw new ChaosException("the database's password cannot be read: " + e.getMessage(), e);
        }
        return theirs;
    }

    @Override
    public void join(Api admin) throws InterruptedException {
        String token = admin.expect(
                        "POST", "/hosts", Map.of("id", HOST, "name", "a host of its own", "ip_address", "127.0.0.1"))
                .path("token")
                .asString();
        var line = new ArrayList<>(List.of(
                Jar.program(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                agentJar.toAbsolutePath().toString(),
                "--server",
                "http://" + agentToApi.address(),
                "--temporal",
                agentToTemporal.address(),
                "--host-id",
                HOST,
                "--token",
                token));
        if (simulated) {
            line.addAll(List.of("--simulate", GPUS));
        }
        agent = new Agent(work.resolve("agent"), line, settings);
        agent.start();
    }

    @Override
    public Server services() {
        return services;
    }

    @Override
    public Server api() {
        if (api == null) {
            throw new IllegalStateException("the API is asked for before it is started");
        }
        return api;
    }

    /** @param choice which one of them, from 0 to below 1 */
    Server worker(double choice) {
        return workers.get((int) (choice * workers.size()));
    }

    List<Server> workers() {
        return List.copyOf(workers);
    }

    Agent agent() {
        if (agent == null) {
            throw new IllegalStateException("the agent is asked for before its host has joined");
        }
        return agent;
    }

    /** The one that such a breakage cuts. */
    Cable cable(Breakage breakage, double choice) {
        int worker = (int) (choice * workersToTemporal.size());
        return switch (breakage) {
            case API_CUT_FROM_TEMPORAL -> apiToTemporal;
            case API_CUT_FROM_DATABASE -> apiToDatabase;
            case WORKER_CUT_FROM_TEMPORAL -> workersToTemporal.get(worker);
            case WORKER_CUT_FROM_DATABASE -> workersToDatabase.get(worker);
            case AGENT_CUT_FROM_TEMPORAL -> agentToTemporal;
            case AGENT_CUT_FROM_API -> agentToApi;
            default -> throw new IllegalArgumentException(breakage + " cuts nothing");
        };
    }

    @Override
    public List<Program> programs() {
        var programs = new ArrayList<Program>();
        programs.add(services);
        if (api != null) {
            programs.add(api);
        }
        programs.addAll(workers);
        if (agent != null) {
            programs.add(agent);
        }
        return programs;
    }

    @Override
    public List<Cable> cables() {
        var cables = new ArrayList<>(List.of(apiToTemporal, apiToDatabase, agentToTemporal, agentToApi));
        cables.addAll(workersToTemporal);
        cables.addAll(workersToDatabase);
        return cables;
    }

    @Override
    public void close() {
        cables().forEach(Cable::mend);
        programs().reversed().forEach(Program::close);
        cables().forEach(Cable::close);
    }
}
