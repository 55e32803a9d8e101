package io.remotegpu.standalone.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API as a program of a user sees it, with a token or without. */
final class Api {

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private static final JsonMapper JSON = new JsonMapper();

    private final String base;
    private final String token;

    Api(String base) {
        this(base, "");
    }

    private Api(String base, String token) {
        this.base = base;
        this.token = token;
    }

    record Answer(String request, int status, JsonNode body, HttpResponse<String> http) {

        Answer expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError(request + " answered " + status + ", not " + wanted + ": " + http.body());
            }
            return this;
        }

        String text(String field) {
            return body.path(field).asString("");
        }
    }

    /** Registers a user and speaks as them; the first one of an installation is its admin. */
    Api register(String name) {
        post("/users/register", """
                {"username":"%s","email":"%s@example.com","password":"123456"}""".formatted(name, name)).expect(201);
        return login(name);
    }

    Api login(String name) {
        return as(post("/users/login", """
                {"username":"%s","password":"123456"}""".formatted(name)).expect(200).text("token"));
    }

    Api as(String otherToken) {
        return new Api(base, otherToken);
    }

    Answer get(String path) {
        return send("GET", path, "");
    }

    Answer post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    Answer delete(String path, String... headers) {
        return send("DELETE", path, "", headers);
    }

    Answer send(String method, String path, String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
                .timeout(Duration.ofSeconds(90))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.setHeader("Content-Type", "application/json");
        }
        if (!token.isEmpty()) {
            request.setHeader("Authorization", "Bearer " + token);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        var response = http(request.build());
        var json = response.headers().firstValue("Content-Type").orElse("").contains("json")
                ? JSON.readTree(response.body())
                : JSON.createObjectNode();
        return new Answer(method + " " + path, response.statusCode(), json, response);
    }

    /** The lines of what Prometheus reads. */
    List<String> metrics() {
        return browse(base + "/actuator/prometheus", "Authorization", "Bearer " + token)
                .body()
                .lines()
                .toList();
    }

    /** Whether Prometheus reads a series of that name. */
    boolean exports(String name) {
        return metrics().stream().anyMatch(line -> line.startsWith(name + "{") || line.startsWith(name + " "));
    }

    /** A page of a service, as a browser would get it. */
    static HttpResponse<String> browse(String url, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http(request.build());
    }

    /** Server-sent events, line by line, until either side ends them. */
    record Stream(InputStream body) implements AutoCloseable {

        java.util.stream.Stream<String> lines() {
            return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)).lines();
        }

        @Override
        public void close() {
            try {
                body.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    Stream stream(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
                .header("Accept", "text/event-stream")
                .header("Authorization", "Bearer " + token);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var response = HTTP.send(request.build(), BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                throw new AssertionError(path + " answered " + response.statusCode());
            }
            return new Stream(response.body());
        } catch (IOException e) {
            throw new AssertionError(path + " was not answered", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> http(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(request.method() + " " + request.uri() + " was not answered", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
