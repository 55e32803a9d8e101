package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;

/** A server on the test engine, and what the engine and the database say of it; closing it leaves nothing of either. */
final class Installation implements AutoCloseable {

    private final Server server;
    private final Engine engine;

    private Installation(Server server, Engine engine) {
        this.server = server;
        this.engine = engine;
    }

    static Installation onTheTestEngine(Path home, Map<String, String> settings) {
        String host = Needs.engine();
        var server = new Server(home, host, settings);
        try {
            server.start();
            return new Installation(server, new Engine(host, server.rows().installation(), server.network()));
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    Server server() {
        return server;
    }

    Engine engine() {
        return engine;
    }

    Api api() {
        return server.api();
    }

    Rows rows() {
        return server.rows();
    }

    /** The engine has what the rows say and nothing else, and the rows agree with each other. */
    void agrees() {
        assertThat(engine.volumes()).as("volumes").isEqualTo(rows().withData());
        assertThat(rows().withData()).as("environments with data").containsAll(engine.containers());
        assertThat(rows().violations()).isEmpty();
    }

    /** Nothing of it is left anywhere but in the history. */
    void hasNothingOf(UserEnvironment environment) {
        assertThat(engine.containers()).doesNotContain(environment.id());
        assertThat(engine.volumes()).doesNotContain(environment.id());
        assertThat(rows().heldBy(environment.id())).isEmpty();
        Workflows.awaitEnd(server.temporal(), environment.id());
        agrees();
    }

    @Override
    public void close() {
        try {
            server.close();
        } finally {
            engine.close();
        }
    }
}
