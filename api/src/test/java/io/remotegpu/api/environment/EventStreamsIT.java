package io.remotegpu.api.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiServer;
import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two API processes that look for events only when they hear that there are some. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EventStreamsIT extends ApiTest {

    private static final String PATH = "/api/v1/environments";
    private static final String NEVER_BY_ITSELF = "remotegpu.environments.stream-alive=1d";
    private static final String LISTENERS = """
            pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%environment_events'""";

    private static final ApiServer ONE = ApiServer.start(Shared.DATABASE, workflows(), NEVER_BY_ITSELF);
    private static final ApiServer OTHER = ApiServer.start(Shared.DATABASE, workflows(), NEVER_BY_ITSELF);

    private Client alice = nobody;
    private String id = "";

    /** What a stream brought: an event's number and its message. */
    private record Brought(long id, String message) {}

    @AfterAll
    static void stop() {
        ONE.close();
        OTHER.close();
    }

    @BeforeEach
    void anEnvironment() {
        alice = nobody.user("alice");
        activeHost("h1", 2);
        id = running("e1");
    }

    @Test
    void anEventThatAnybodyWroteArrivesAtEveryProcessWithoutLooking() throws Exception {
        var last = last();
        try (var here = stream(ONE, last);
                var there = stream(OTHER, last)) {
            for (var word : List.of("one", "two", "three")) {
                say(word);
                assertThat(next(here).message()).isEqualTo(word);
                assertThat(next(there).message()).isEqualTo(word);
            }
        }
    }

    @Test
    void whatHappensWhileNobodyListensIsNeitherMissedNorRepeated() throws Exception {
        try (var here = stream(ONE, last());
                var there = stream(OTHER, last())) {
            say("before");
            var before = next(here);
            assertThat(next(there)).isEqualTo(before);

            eventually(() -> count(LISTENERS) >= 3);
            jdbc.sql("SELECT pg_terminate_backend(pid, 10000) FROM " + LISTENERS)
                    .query(Boolean.class)
                    .list();
            say("meanwhile");

            var meanwhile = next(here);
            assertThat(meanwhile.message()).isEqualTo("meanwhile");
            assertThat(next(there)).isEqualTo(meanwhile);
            eventually(() -> count(LISTENERS) >= 3);
            say("after");
            assertThat(next(here).message()).isEqualTo("after");
            assertThat(next(there).message()).isEqualTo("after");
            try (var resumed = stream(OTHER, before.id())) {
                assertThat(next(resumed)).isEqualTo(meanwhile);
                assertThat(next(resumed).message()).isEqualTo("after");
            }
        }
    }

    /** Numbers are given before a commit: without a turn, the one that commits last could have the lower one. */
    @Test
    void anEventThatIsCommittedLateComesInItsTurn() throws Exception {
        var neighbour = running("e2");
        try (var stream = stream(ONE, last());
                var slow = connection();
                var quick = connection()) {
            say(slow, id, "slow");
            say(quick, neighbour, "of another");
            quick.commit();
            var pid = pid(quick);
            var waits = CompletableFuture.runAsync(() -> {
                try {
                    say(quick, id, "quick");
                    quick.commit();
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
            });
            eventually(() -> jdbc.sql("SELECT cardinality(pg_blocking_pids(?)) > 0")
                    .param(pid)
                    .query(Boolean.class)
                    .single());
            slow.commit();
            waits.join();

            var first = next(stream);
            var second = next(stream);
            assertThat(List.of(first.message(), second.message())).containsExactly("slow", "quick");
            assertThat(second.id()).isGreaterThan(first.id());
            try (var resumed = stream(OTHER, first.id())) {
                assertThat(next(resumed)).isEqualTo(second);
            }
        }
    }

    @Test
    void aStreamEndsWithItsEnvironment() throws Exception {
        try (var deleted = stream(ONE, last())) {
            jdbc.sql("UPDATE environments SET status = 'deleted', deleted_at = now()")
                    .update();
            assertThat(deleted.lines().toList()).noneMatch(line -> line.startsWith("id:"));
        }
        id = running("e2");
        try (var removed = stream(OTHER, last())) {
            jdbc.sql("DELETE FROM environments").update();
            assertThat(removed.lines().toList()).noneMatch(line -> line.startsWith("id:"));
        }
    }

    private String running(String name) {
        return alice.post(PATH, TERMINAL.formatted(name), "Prefer", "wait=20")
                .json()
                .get("id")
                .asString();
    }

    private long last() {
        return jdbc.sql("SELECT max(id) FROM environment_events")
                .query(Long.class)
                .single();
    }

    /** A stream that has begun. */
    private BufferedReader stream(ApiServer server, long after) throws IOException, InterruptedException {
        var request = server.client()
                .as(alice.token())
                .request(PATH + "/" + id + "/events")
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", Long.toString(after))
                .build();
        var answer = Client.http().send(request, BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        assertThat(lines.readLine()).startsWith(":");
        return lines;
    }

    private static Brought next(BufferedReader lines) throws IOException {
        long id = 0;
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id:")) {
                id = Long.parseLong(line.substring(3).strip());
            } else if (line.startsWith("data:")) {
                var message = line.replaceAll(".*\"message\":\"([^\"]*)\".*", "$1");
                return new Brought(id, message);
            }
        }
        throw new AssertionError("the stream ended without an event");
    }

    private void say(String message) throws SQLException {
        try (var connection = connection()) {
            say(connection, id, message);
            connection.commit();
        }
    }

    private static void say(Connection connection, String environment, String message) throws SQLException {
        try (var statement = connection.prepareStatement(
                "INSERT INTO environment_events (environment_id, step, outcome, message) VALUES (?::uuid, 's', 'done', ?)")) {
            statement.setString(1, environment);
            statement.setString(2, message);
            statement.executeUpdate();
        }
    }

    private static int pid(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            var pid = row.getInt(1);
            connection.commit();
            return pid;
        }
    }

    private static Connection connection() throws SQLException {
        var connection = Shared.DATABASE.dataSource().getConnection();
        connection.setAutoCommit(false);
        return connection;
    }
}
