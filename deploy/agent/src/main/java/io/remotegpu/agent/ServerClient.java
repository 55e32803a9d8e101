package io.remotegpu.agent;

import io.remotegpu.activities.engine.LogStore;
import io.remotegpu.activities.host.HostReport;
import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.LogPart;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The API as a host's agent uses it. An {@link IOException} says that there was no answer that counts, and that the same
 * again may help; a {@link RefusedException} that it will not.
 */
final class ServerClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TOO_MANY = 429;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            // The token is for the server that was named, and for no other.
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final JsonMapper json = JsonMapper.shared();
    private final String base;
    private final String token;
    private final UUID session;

    ServerClient(URI server, String hostId, String token, UUID session) {
        this.base = server + "/api/v1/hosts/" + hostId;
        this.token = token;
        this.session = session;
    }

    /** Takes the host for our session, or keeps it. */
    Place take() throws IOException, InterruptedException, RefusedException {
        JsonNode answer = send("POST", "/agent", Map.of("session", session.toString()));
        return new Place(
                answer.path("installation").asString(""),
                answer.path("ip_address").asString(""),
                answer.path("listen_address").asString(""));
    }

    /** Gives the host up. */
    void release() throws IOException, InterruptedException, RefusedException {
        send("DELETE", "/agent", null);
    }

    /** Returns what contradicts the server's rows, and was left alone there. */
    List<String> heartbeat(HostReport report) throws IOException, InterruptedException, RefusedException {
        return send("POST", "/heartbeat", Heartbeat.of(report))
                .path("contradictions")
                .valueStream()
                .map(said -> said.asString(""))
                .toList();
    }

    Credentials credentials(UUID environment) throws IOException, InterruptedException, RefusedException {
        JsonNode answer = send("GET", "/environments/" + environment + "/credentials", null);
        return new Credentials(
                answer.path("authorized_keys")
                        .valueStream()
                        .map(key -> key.asString(""))
                        .toList(),
                text(answer.path("jupyter_token")),
                text(answer.path("password")));
    }

    /** @param lines oldest first; few enough for the server's limit on bodies */
    void log(UUID environment, List<String> lines) throws IOException, InterruptedException, RefusedException {
        send("PUT", "/environments/" + environment + "/log", Map.of("lines", lines));
    }

    /** Says what the engine is at while it deploys. */
    void progress(UUID environment, String message) throws IOException, InterruptedException, RefusedException {
        send("POST", "/environments/" + environment + "/progress", Map.of("message", Heartbeat.error(message)));
    }

    /** What is followed on this host. */
    List<LogStore.Followed> followedLogs() throws IOException, InterruptedException, RefusedException {
        return send("GET", "/log-streams", null)
                .path("items")
                .valueStream()
                .map(item -> new LogStore.Followed(
                        UUID.fromString(item.path("stream").asString("")),
                        UUID.fromString(item.path("environment_id").asString("")),
                        DeploymentMode.fromWireName(item.path("deployment_mode").asString("")),
                        text(item.path("position")),
                        item.path("tail").asInt(1),
                        item.path("ready").asBoolean(false)))
                .toList();
    }

    /** Hands over what comes behind the position that was asked for. */
    void followedLog(LogStore.Followed followed, LogPart part)
            throws IOException, InterruptedException, RefusedException {
        var body = new HashMap<String, Object>();
        body.put("behind", followed.position());
        body.put("position", part.position());
        body.put("lines", part.lines());
        send("PUT", "/log-streams/" + followed.stream(), body);
    }

    /** The device ids of those of our GPUs that an environment holds. */
    List<String> gpusOf(UUID environment) throws IOException, InterruptedException, RefusedException {
        return send("GET", "/environments/" + environment + "/gpus", null)
                .path("uuids")
                .valueStream()
                .map(uuid -> uuid.asString(""))
                .toList();
    }

    /** @param reasons why GPUs of ours are to be given to nobody, by device id */
    void gpuErrors(Map<String, String> reasons) throws IOException, InterruptedException, RefusedException {
        var errors = reasons.entrySet().stream()
                .map(entry -> Map.of("uuid", entry.getKey(), "error", Heartbeat.error(entry.getValue())))
                .toList();
        send("POST", "/gpu-errors", Map.of("errors", errors));
    }

    private JsonNode send(String method, String path, @Nullable Object body)
            throws IOException, InterruptedException, RefusedException {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Agent-Session", session.toString())
                .header("Accept", "application/json");
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(json.writeValueAsString(body)));
        }
        return read(answer(request.build()));
    }

    /** Every failure with words, because some of the client's own have none. */
    private HttpResponse<String> answer(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (HttpConnectTimeoutException e) {
            throw new IOException("no connection within 5 s", e);
        } catch (HttpTimeoutException e) {
            throw new IOException("no answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (ConnectException e) {
            throw new IOException("no connection: " + reason(e), e);
        } catch (IOException e) {
            throw new IOException(reason(e), e);
        }
    }

    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && !message.isBlank()) {
                return message;
            }
            if (cause instanceof java.nio.channels.UnresolvedAddressException) {
                return "its name is not known";
            }
        }
        return failure instanceof ConnectException ? "nothing listens there" : failure.toString();
    }

    private JsonNode read(HttpResponse<String> response) throws IOException, RefusedException {
        int status = response.statusCode();
        JsonNode body = parse(response);
        if (status / 100 == 2 && (status == 204 || body != null)) {
            return body == null ? json.createObjectNode() : body;
        }
        String detail = body == null ? "" : body.path("detail").asString("");
        if (body == null && status < 500) {
            throw new RefusedException(404, "what answers there, with " + status + ", is not RemoteGPU's API");
        }
        if (status >= 500 || status == TOO_MANY || status / 100 == 3) {
            throw new IOException(("it answered " + status + " " + detail).strip());
        }
        throw new RefusedException(status, detail);
    }

    private @Nullable JsonNode parse(HttpResponse<String> response) {
        if (!response.headers().firstValue("Content-Type").orElse("").contains("json")) {
            return null;
        }
        try {
            return json.readTree(response.body());
        } catch (JacksonException e) {
            return null;
        }
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.asString() : null;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
