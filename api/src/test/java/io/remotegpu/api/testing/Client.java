package io.remotegpu.api.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks HTTP as a caller with a token, or as nobody. */
public final class Client {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final JsonMapper JSON = new JsonMapper();

    private final String base;
    private final @Nullable String token;

    public Client(String base) {
        this(base, null);
    }

    private Client(String base, @Nullable String token) {
        this.base = base;
        this.token = token;
    }

    /** An answer; its body as JSON where there is one. */
    public record Answer(int status, JsonNode json, HttpResponse<String> http) {

        public String code() {
            return json.path("code").asString("");
        }

        public String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }

        @Override
        public String toString() {
            return status + " " + http.body();
        }
    }

    public Client as(@Nullable String otherToken) {
        return new Client(base, otherToken);
    }

    public String token() {
        return String.valueOf(token);
    }

    public String base() {
        return base;
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    public Answer post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    public Answer post(String path) {
        return send("POST", path, null);
    }

    public Answer put(String path, String body, String... headers) {
        return send("PUT", path, body, headers);
    }

    public Answer delete(String path, String... headers) {
        return send("DELETE", path, null, headers);
    }

    public Answer send(String method, String path, @Nullable String body, String... headers) {
        var request =
                request(path).method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return send(request.build());
    }

    public HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(90));
        if (token != null) {
            request.setHeader("Authorization", "Bearer " + token);
        }
        return request;
    }

    public static Answer send(HttpRequest request) {
        try {
            var response = HTTP.send(request, BodyHandlers.ofString());
            var json = response.headers().firstValue("Content-Type").orElse("").contains("json")
                    ? JSON.readTree(response.body())
                    : JSON.createObjectNode();
            return new Answer(response.statusCode(), json, response);
        } catch (IOException e) {
            throw new AssertionError(request.method() + " " + request.uri() + " was not answered", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public static HttpClient http() {
        return HTTP;
    }

    /** Registers a user, logs in, and speaks as them. */
    public Client user(String name) {
        var registered = post(
                "/api/v1/users/register",
                "{\"username\":\"%s\",\"email\":\"%s@example.com\",\"password\":\"secret-%s\"}"
                        .formatted(name, name, name));
        if (registered.status() != 201) {
            throw new AssertionError(registered.toString());
        }
        return login(name, "secret-" + name);
    }

    public Client login(String name, String password) {
        var login = post("/api/v1/users/login", "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(name, password));
        if (login.status() != 200) {
            throw new AssertionError(login.toString());
        }
        return as(login.json().get("token").asString());
    }
}
