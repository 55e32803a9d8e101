package io.remotegpu.standalone.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An API with one environment, which goes from state to state in no time; every request is noted down. */
final class FakeApi implements AutoCloseable {

    private final HttpServer server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile String status = "absent";

    /** What an environment becomes after its create. */
    volatile String afterCreate = "running";

    volatile boolean registered;

    FakeApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/api/v1/", this::serve);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<String> requests() {
        return requests;
    }

    private void serve(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String request = exchange.getRequestMethod() + " "
                + exchange.getRequestURI().getPath().substring("/api/v1".length());
        requests.add(request);
        switch (request) {
            case "POST /users/register" -> answer(exchange, registered ? 409 : 201, "{\"id\":1,\"role\":\"admin\"}");
            case "POST /users/login" ->
                answer(exchange, 200, "{\"token\":\"t\",\"expires_at\":\"2030-01-01T00:00:00Z\"}");
            case "POST /users/me/ssh-keys" -> answer(exchange, 201, "{\"id\":5,\"fingerprint\":\"SHA256:x\"}");
            case "DELETE /users/me/ssh-keys/5" -> answer(exchange, 204, "");
            case "POST /environments" -> become(exchange, afterCreate, "creating");
            case "POST /environments/e1/stop" -> become(exchange, "stopped", "stopping");
            case "POST /environments/e1/start" -> become(exchange, "running", "starting");
            case "DELETE /environments/e1" -> become(exchange, "absent", "deleting");
            case "GET /environments/e1" -> answer(exchange, status.equals("absent") ? 404 : 200, environment(status));
            default -> answer(exchange, 404, "{\"code\":\"not_found\"}");
        }
    }

    private void become(HttpExchange exchange, String next, String meanwhile) throws IOException {
        status = next;
        answer(exchange, 202, environment(meanwhile));
    }

    private static String environment(String status) {
        return "{\"id\":\"e1\",\"status\":\"" + status
                + "\",\"host_id\":\"sim-1\",\"failure\":{\"reason\":\"no room\"}}";
    }

    private static void answer(HttpExchange exchange, int code, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
