package io.remotegpu.standalone.demo;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API as a user's program sees it: a URL, a token, JSON. */
final class ApiClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final JsonMapper json = JsonMapper.shared();
    private final URI url;
    private @Nullable String token;

    ApiClient(URI url) {
        this.url = url;
    }

    /** From now on every request carries it. */
    void authenticate(String bearer) {
        token = bearer;
    }

    /**
     * Any answer, also a refusal.
     *
     * @param path beneath {@code /api/v1}
     * @param body becomes JSON; absent for none
     */
    Answer send(String method, String path, @Nullable Map<String, ?> body) throws InterruptedException {
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
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(method + " " + path, response.statusCode(), parse(response.body()));
        } catch (ConnectException e) {
            throw new DemoException("nothing answers at " + url + ": is RemoteGPU up? (./remotegpu up)", e);
        } catch (IOException e) {
            throw new DemoException(method + " " + path + " got no answer: " + e, e);
        }
    }

    /** An answer of 2xx; anything else is a {@link DemoException} that quotes it. */
    JsonNode expect(String method, String path, @Nullable Map<String, ?> body) throws InterruptedException {
        Answer answer = send(method, path, body);
        if (answer.status() / 100 != 2) {
            throw answer.unexpected();
        }
        return answer.body();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private JsonNode parse(String text) {
        try {
            return text.isBlank() ? json.createObjectNode() : json.readTree(text);
        } catch (JacksonException e) {
            return json.createObjectNode().put("detail", text);
        }
    }

    record Answer(String request, int status, JsonNode body) {

        DemoException unexpected() {
            return new DemoException(request + " answered " + status + ": " + body);
        }
    }
}
