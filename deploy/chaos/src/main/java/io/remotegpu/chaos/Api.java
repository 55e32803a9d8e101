package io.remotegpu.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API as one person sees it, who expects it to be away now and then. Thread-safe. */
final class Api {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http;
    private final URI url;
    private final @Nullable String token;

    private Api(HttpClient http, URI url, @Nullable String token) {
        this.http = http;
        this.url = url;
        this.token = token;
    }

    static Api at(URI url) {
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        return new Api(http, url, null);
    }

    Api as(String token) {
        return new Api(http, url, token);
    }

    /** @param status 0 when there was none */
    record Answer(int status, JsonNode body) {

        boolean good() {
            return status / 100 == 2;
        }

        /** Whether the request was understood and turned down; it has no effect then. */
        boolean refused() {
            return status / 100 == 4 && status != 408 && status != 429;
        }

        String code() {
            return body.path("code").asString("none");
        }
    }

    /**
     * Any answer, also none.
     *
     * @param path beneath {@code /api/v1}
     * @param headers names and values in turn
     */
    Answer send(String method, String path, @Nullable Map<String, ?> body, String... headers)
            throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + "/api/v1" + path)).timeout(PATIENCE);
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)));
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            String text = response.body();
            return new Answer(response.statusCode(), text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text));
        } catch (IOException | JacksonException e) {
            return new Answer(0, JSON.createObjectNode());
        }
    }

    /** An answer of 2xx, however often it must be asked for; a refusal, or none in two minutes, ends the trial. */
    JsonNode expect(String method, String path, @Nullable Map<String, ?> body, String... headers)
            throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (true) {
            var answer = send(method, path, body, headers);
            if (answer.good()) {
                return answer.body();
            }
            if (answer.refused() || System.nanoTime() > deadline) {
                throw new ChaosException(method + " " + path + " answered " + answer.status() + ": " + answer.body());
            }
            Thread.sleep(500);
        }
    }
}
