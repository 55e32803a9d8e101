package io.remotegpu.api.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import io.remotegpu.db.environment.KeptLogs;
import io.remotegpu.db.environment.LogStreams;
import io.remotegpu.drivers.spi.LogPart;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The API's half of following logs; the host is played by the test. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LogFollowingIT extends ApiTest {

    private static final String PATH = "/api/v1/environments";
    private static final String SESSION = "11111111-2222-3333-4444-555555555555";

    private Client alice = nobody;
    private String id = "";

    private record Event(String name, String position, String data) {}

    @BeforeEach
    void anEnvironment() {
        alice = nobody.user("alice");
        activeHost("h1", 2);
        id = alice.post(PATH, TERMINAL.formatted("e1"), "Prefer", "wait=20")
                .json()
                .get("id")
                .asString();
    }

    @Test
    void linesComeAsTheHostHandsThemOverAndTheStreamEndsWithTheCompute() throws Exception {
        try (var stream = stream("")) {
            var wanted = wanted();
            assertThat(wanted.position()).isNull();
            assertThat(wanted.tail()).isEqualTo(7);
            offer(wanted, "p1", "first", "s3cret");
            assertThat(next(stream)).isEqualTo(new Event("lines", "p1", "{\"lines\":[\"first\",\"s3cret\"]}"));
            offer(wanted(), "p2", "third");
            assertThat(next(stream)).isEqualTo(new Event("lines", "p2", "{\"lines\":[\"third\"]}"));

            alice.send("POST", PATH + "/" + id + "/stop", null, "Prefer", "wait=20");
            assertThat(next(stream)).isEqualTo(new Event("end", "", "{\"status\":\"stopped\"}"));
            assertThat(stream.readLine()).isEmpty();
            assertThat(stream.readLine()).isNull();
        }
        eventually(() -> count("log_streams") == 0);
    }

    @Test
    void whoComesBackGoesOnWhereTheyWere() throws Exception {
        try (var stream = stream("")) {
            offer(wanted(), "p1", "first");
            assertThat(next(stream).position()).isEqualTo("p1");
        }
        eventually(() -> count("log_streams") == 0);
        try (var stream = stream("p1")) {
            var wanted = wanted();
            assertThat(wanted.position()).isEqualTo("p1");
            offer(wanted, "p2", "second");
            assertThat(next(stream)).isEqualTo(new Event("lines", "p2", "{\"lines\":[\"second\"]}"));
            // as after a crash of the database, which forgets who follows
            jdbc.sql("DELETE FROM log_streams").update();
            var again = wanted();
            assertThat(again.position()).isEqualTo("p2");
            offer(again, "p3", "third");
            assertThat(next(stream).position()).isEqualTo("p3");
        }
    }

    @Test
    void linesOnTheirWayAreEncryptedAndGoneOnceTheyAreTaken() throws Exception {
        try (var stream = stream("")) {
            offer(wanted(), "p1", "s3cret");
            next(stream);
            eventually(() -> count("log_streams WHERE ciphertext IS NULL AND position = 'p1'") == 1);
        }
        var row = UUID.randomUUID();
        streams().open(row, UUID.fromString(id), "h1", null, 1);
        streams().offer("h1", row, null, new LogPart("p1", List.of("s3cret")));
        assertThat(count("log_streams WHERE ciphertext IS NOT NULL")).isEqualTo(1);
        assertThat(count("log_streams WHERE position(convert_to('s3cret', 'UTF8') IN ciphertext) > 0"))
                .isZero();
    }

    @Test
    void ofWhatDoesNotRunComesWhatWasKeptAndTheEnd() throws Exception {
        alice.send("POST", PATH + "/" + id + "/stop", null, "Prefer", "wait=20");
        Shared.SERVER.bean(KeptLogs.class).keep(UUID.fromString(id), List.of("its last words"));
        try (var stream = stream("")) {
            assertThat(next(stream)).isEqualTo(new Event("lines", "", "{\"lines\":[\"its last words\"]}"));
            assertThat(next(stream)).isEqualTo(new Event("end", "", "{\"status\":\"stopped\"}"));
        }
        try (var stream = stream("p1")) {
            assertThat(next(stream).name()).isEqualTo("end");
        }
    }

    @Test
    void aStreamEndsWithItsEnvironment() throws Exception {
        try (var stream = stream("")) {
            wanted();
            jdbc.sql("UPDATE environments SET status = 'deleted', deleted_at = now()")
                    .update();
            assertThat(stream.lines().toList()).noneMatch(line -> line.startsWith("event:"));
        }
    }

    @Test
    void anAgentHandsLinesOverByTheApi() throws Exception {
        var token = alice.post("/api/v1/hosts", """
                        {"id":"h2","name":"h2","ip_address":"10.0.0.2"}""").json().get("token").asString();
        var host = nobody.as(token);
        host.post("/api/v1/hosts/h2/agent", "{\"session\":\"" + SESSION + "\"}");
        jdbc.sql("UPDATE environments SET host_id = 'h2' WHERE id = ?::uuid")
                .param(id)
                .update();
        var path = "/api/v1/hosts/h2/log-streams";
        try (var stream = stream("")) {
            eventually(() -> !host.get(path, "Agent-Session", SESSION)
                    .json()
                    .get("items")
                    .isEmpty());
            var wanted =
                    host.get(path, "Agent-Session", SESSION).json().get("items").get(0);
            assertThat(wanted.get("environment_id").asString()).isEqualTo(id);
            assertThat(wanted.get("deployment_mode").asString()).isEqualTo("docker");
            assertThat(wanted.get("ready").asBoolean()).isTrue();
            var to = path + "/" + wanted.get("stream").asString();
            assertThat(host.send("PUT", to, "{\"position\":\"p1\",\"lines\":[\"one\"]}", "Agent-Session", SESSION)
                            .status())
                    .isEqualTo(204);
            assertThat(next(stream)).isEqualTo(new Event("lines", "p1", "{\"lines\":[\"one\"]}"));

            var bad = host.send("PUT", to, "{\"position\":\"p 1\",\"lines\":[]}", "Agent-Session", SESSION);
            assertThat(bad.status()).isEqualTo(422);
            assertThat(bad.json().get("errors").get(0).get("field").asString()).isEqualTo("position");
        }
    }

    @Test
    void whatIsNoPositionIsRefusedAndSoAreOthersThanTheOwner() {
        var path = PATH + "/" + id + "/logs";
        var bad = alice.get(path, "Accept", "text/event-stream", "Last-Event-ID", "x".repeat(129));
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.code()).isEqualTo("invalid_parameter");
        assertThat(alice.get(path + "?tail=0", "Accept", "text/event-stream").status())
                .isEqualTo(400);
        assertThat(nobody.user("bob").get(path, "Accept", "text/event-stream").status())
                .isEqualTo(404);
        assertThat(count("log_streams")).isZero();
    }

    private LogStreams streams() {
        return Shared.SERVER.bean(LogStreams.class);
    }

    /** What the host finds that it is to read, once there is something. */
    private LogStreams.Followed wanted() {
        eventually(() -> streams().ofHost("h1").stream().anyMatch(LogStreams.Followed::ready));
        return streams().ofHost("h1").getFirst();
    }

    private void offer(LogStreams.Followed wanted, String position, String... lines) {
        streams().offer("h1", wanted.stream(), wanted.position(), new LogPart(position, List.of(lines)));
    }

    /** A stream that has begun. */
    private BufferedReader stream(String position) throws IOException, InterruptedException {
        var request = alice.request(PATH + "/" + id + "/logs?tail=7").header("Accept", "text/event-stream");
        if (!position.isEmpty()) {
            request.header("Last-Event-ID", position);
        }
        var answer = Client.http().send(request.build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        assertThat(lines.readLine()).startsWith(":");
        return lines;
    }

    private static Event next(BufferedReader lines) throws IOException {
        var name = "";
        var position = "";
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id:")) {
                position = line.substring(3).strip();
            } else if (line.startsWith("event:")) {
                name = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                return new Event(name, position, line.substring(5).strip());
            }
        }
        throw new AssertionError("the stream ended without an event");
    }
}
