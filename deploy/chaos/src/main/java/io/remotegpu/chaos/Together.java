package io.remotegpu.chaos;

import java.util.List;

/** All in one process, but for PostgreSQL, Temporal, and agents where an engine is elsewhere. */
record Together(Server server, List<OwnHost> hosts) implements Installation {

    @Override
    public void start() throws InterruptedException {
        server.start();
    }

    @Override
    public Server services() {
        return server;
    }

    @Override
    public Server api() {
        return server;
    }

    @Override
    public List<Program> parts() {
        return List.of(server);
    }

    @Override
    public List<Cable> ownCables() {
        return List.of();
    }
}
