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
 * The API, two workers and hosts' agents, each a process of its own; PostgreSQL and Temporal beneath another. Whoever speaks to
 * whom does so over a cable that can be cut.
 */
final class Apart implements Installation {

    private final Path work;
    private final Map<String, String> settings;
    private final Server services;
    private final Jar jar;
    private final Cable apiToTemporal;
    private final Cable apiToDatabase;
    private final List<Cable> workersToTemporal;
    private final List<Cable> workersToDatabase;
    private final List<Server> workers = new ArrayList<>();
    private final List<OwnHost> hosts;
    private @Nullable Server api;

    /**
     * @param agentJar of the hosts, one for each engine that is a machine's own
     * @param settings environment variables for all of them
     */
    Apart(
            Path work,
            Path services,
            Jar jar,
            Path agentJar,
            List<Engine> engines,
            Map<String, String> settings,
            long seed) {
        this.work = work;
        this.jar = jar;
        this.settings = new HashMap<>(settings);
        byte[] key = new byte[32];
        new Random(seed).nextBytes(key);
        this.settings.put("REMOTEGPU_INSTALLATION_KEY", Base64.getEncoder().encodeToString(key));
        this.services = Server.part(services, jar, "services", settings);
        apiToTemporal = toTemporal();
        apiToDatabase = toDatabase();
        workersToTemporal = List.of(toTemporal(), toTemporal());
        workersToDatabase = List.of(toDatabase(), toDatabase());
        hosts = engines.stream()
                .filter(Engine::isOfAMachine)
                .map(engine -> new OwnHost(
                        engine,
                        work,
                        agentJar,
                        settings,
                        () -> services().state("temporal"),
                        () -> api().url().getAuthority()))
                .toList();
    }

    private Cable toTemporal() {
        return new Cable(Engine.Place.HERE.here(), () -> services().state("temporal"));
    }

    private Cable toDatabase() {
        return new Cable(Engine.Place.HERE.here(), () -> services().state("postgres"));
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
    public List<OwnHost> hosts() {
        return hosts;
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

    Cable apiToTemporal() {
        return apiToTemporal;
    }

    Cable apiToDatabase() {
        return apiToDatabase;
    }

    /** @param choice which one's, from 0 to below 1 */
    Cable workerToTemporal(double choice) {
        return workersToTemporal.get((int) (choice * workersToTemporal.size()));
    }

    /** @param choice which one's, from 0 to below 1 */
    Cable workerToDatabase(double choice) {
        return workersToDatabase.get((int) (choice * workersToDatabase.size()));
    }

    @Override
    public List<Program> parts() {
        var parts = new ArrayList<Program>();
        parts.add(services);
        if (api != null) {
            parts.add(api);
        }
        parts.addAll(workers);
        return parts;
    }

    @Override
    public List<Cable> ownCables() {
        var cables = new ArrayList<>(List.of(apiToTemporal, apiToDatabase));
        cables.addAll(workersToTemporal);
        cables.addAll(workersToDatabase);
        return cables;
    }
}
