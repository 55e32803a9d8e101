package io.remotegpu.chaos;

import java.util.List;

/** All in one process, but for PostgreSQL and Temporal. */
record Together(Server server) implements Installation {

    @Override
    public void start() throws InterruptedException {
        server.start();
    }

    @Override
    public void join(Api admin) {
        // It is its own host.
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
    public List<Program> programs() {
        return List.of(server);
    }

    @Override
    public List<Cable> cables() {
        return List.of();
    }

    @Override
    public void close() {
        server.close();
    }
}
