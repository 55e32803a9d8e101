package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus with what {@code deploy/monitoring} gives it, in a hurry; closing it ends it. */
final class Prometheus implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final String url;
    private final Path log;

    /**
     * Returns when it is ready.
     *
     * @param folder a new one, for its files
     * @param token what it shows the server
     */
    Prometheus(Path folder, Server server, String token) {
        int port = Server.freePort();
        url = "http://127.0.0.1:" + port;
        log = folder.resolve("log");
        try {
            Files.createDirectories(folder);
            var tokenFile = Files.writeString(folder.resolve("token"), token);
            copy(
                    folder,
                    "prometheus.yml",
                    text -> replaced(
                            replaced(
                                    replaced(
                                            text,
                                            "127\\.0\\.0\\.1:8080",
                                            URI.create(server.url()).getAuthority()),
                                    "/etc/prometheus/remotegpu-token",
                                    tokenFile.toString()),
                            "_interval: \\d+s",
                            "_interval: 1s"));
            copy(folder, "rules.yml", text -> replaced(text, "for: \\d+[mh]", "for: 0s"));
            process = new ProcessBuilder(
                            Needs.prometheus(),
                            "--config.file=" + folder.resolve("prometheus.yml"),
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Eventually.until("Prometheus is ready", this::ready);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** The health of its targets. */
    List<String> targets() {
        return texts(get("/api/v1/targets").path("activeTargets"), "health");
    }

    /** The health of its rules: {@code unknown} until they were asked for the first time. */
    List<String> rules() {
        return texts(get("/api/v1/rules").path("groups").path(0).path("rules"), "health");
    }

    /** The names of the alerts that fire. */
    List<String> firing() {
        return StreamSupport.stream(get("/api/v1/alerts").path("alerts").spliterator(), false)
                .filter(alert -> alert.path("state").asString("").equals("firing"))
                .map(alert -> alert.path("labels").path("alertname").asString(""))
                .toList();
    }

    /** How many series answer an expression. */
    int series(String expression) {
        return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .path("result")
                .size();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private boolean ready() throws IOException {
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        try {
            return Api.browse(url + "/-/ready").statusCode() == 200;
        } catch (AssertionError notYet) {
            return false;
        }
    }

    private JsonNode get(String path) {
        var answer = Api.browse(url + path);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        var body = JSON.readTree(answer.body());
        assertThat(body.path("status").asString("")).as(path + ": " + body).isEqualTo("success");
        return body.path("data");
    }

    private static List<String> texts(JsonNode nodes, String field) {
        return StreamSupport.stream(nodes.spliterator(), false)
                .map(node -> node.path(field).asString(""))
                .toList();
    }

    private static void copy(Path folder, String name, UnaryOperator<String> change) throws IOException {
        Files.writeString(
                folder.resolve(name),
                change.apply(Files.readString(Monitoring.folder().resolve(name))));
    }

    /** The file has to have what is replaced. */
    private static String replaced(String text, String pattern, String by) {
        var changed = text.replaceAll(pattern, Matcher.quoteReplacement(by));
        assertThat(changed).as(pattern).isNotEqualTo(text);
        return changed;
    }
}
