package io.remotegpu.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API as one person sees it. Thread-safe. */
final class Api {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient http;
    private final JsonMapper json = JsonMapper.shared();
    private final URI url;
    private final @Nullable String token;

    private Api(HttpClient http, URI url, @Nullable String token) {
        this.http = http;
        this.url = url;
        this.token = token;
    }

    static Api at(URI url) {
        // The server speaks HTTP/1.1; asking for more costs a header each time.
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        return new Api(http, url, null);
    }

    /** The same server, logged in. */
    Api loggedIn(String user, String password) throws InterruptedException {
        var answer = expect("POST", "/users/login", Map.of("username", user, "password", password));
        return new Api(http, url, answer.path("token").asString());
    }

    record Answer(String request, int status, JsonNode body) {

        BenchException unexpected() {
            return new BenchException(request + " answered " + status + ": " + body);
        }
    }

    /**
     * Any answer, also a refusal.
     *
     * @param path beneath {@code /api/v1}
     * @param body becomes JSON; absent for none
     * @param headers names and values in turn
     */
    Answer send(String method, String path, @Nullable Map<String, ?> body, String... headers)
            throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + "/api/v1" + path)).timeout(PATIENCE);
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(json.writeValueAsString(body)));
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            String text = response.body();
            return new Answer(
                    method + " " + path,
                    response.statusCode(),
                    text.isBlank() ? json.createObjectNode() : json.readTree(text));
        } catch (IOException e) {
            throw new BenchException(method + " " + url + path + " got no answer: " + e, e);
        }
    }

    /** An answer of 2xx; anything else ends the benchmark and is quoted. */
    JsonNode expect(String method, String path, @Nullable Map<String, ?> body, String... headers)
            throws InterruptedException {
        var answer = send(method, path, body, headers);
        if (answer.status() / 100 != 2) {
            throw answer.unexpected();
        }
        return answer.body();
    }
}
