package io.remotegpu.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A host of one engine with an agent of its own, which reaches Temporal and the API over a cable each. */
final class OwnHost implements AutoCloseable {

    private final Engine engine;
    private final Path work;
    private final Path jar;
    private final Map<String, String> settings;
    private final Cable toTemporal;
    private final Cable toApi;
    private @Nullable Agent agent;

    /**
     * @param jar the agent's
     * @param settings environment variables, beside the engine's
     */
    OwnHost(
            Engine engine,
            Path work,
            Path jar,
            Map<String, String> settings,
            Supplier<String> temporal,
            Supplier<String> api) {
        this.engine = engine;
        this.work = work;
        this.jar = jar;
        this.settings = new HashMap<>(settings);
        this.settings.putAll(engine.hostSettings());
        toTemporal = new Cable(engine.place().here(), temporal);
        toApi = new Cable(engine.place().here(), api);
    }

    /** Registers it, and starts its agent. */
    void join(Api admin) throws InterruptedException {
        // As simulated hosts are called: their engines' folders are.
        String id =
                engine.mode() == Mode.SIMULATED ? "sim-apart" : engine.mode().word() + "-apart";
        String token = admin.expect(
                        "POST",
                        "/hosts",
                        Map.of(
                                "id",
                                id,
                                "name",
                                "a host of its own",
                                "ip_address",
                                engine.place().address()))
                .path("token")
                .asString();
        var line = new ArrayList<>(engine.place().words());
        line.addAll(List.of(
                Jar.program(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                jar.toAbsolutePath().toString(),
                "--server",
                "http://" + toApi.address(),
                "--temporal",
                toTemporal.address(),
                "--host-id",
                id,
                "--token",
                token));
        line.addAll(engine.agentWords());
        agent = new Agent(work.resolve("agent-" + engine.mode().word()), line, settings);
        agent.start();
    }

    /** Nothing before it has joined. */
    List<Agent> agents() {
        return agent == null ? List.of() : List.of(agent);
    }

    Cable toTemporal() {
        return toTemporal;
    }

    Cable toApi() {
        return toApi;
    }

    @Override
    public void close() {
        agents().forEach(Program::close);
        toTemporal.close();
        toApi.close();
    }
}
