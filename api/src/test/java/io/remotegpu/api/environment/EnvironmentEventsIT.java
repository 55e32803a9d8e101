package io.remotegpu.api.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.Client;
import io.remotegpu.api.testing.Script;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class EnvironmentEventsIT extends EnvironmentTest {

    @Test
    void eventsAreStreamedAsTheyHappenAndGoOnWhereAStreamEnded() throws Exception {
        Script.hold();
        var path = PATH + "/"
                + alice.post(PATH, TERMINAL.formatted("e1")).json().get("id").asString();
        var seen = alice.get(path + "/events").json();
        var after = seen.get("after").asLong();
        try (var body = Client.http()
                .send(
                        alice.request(path + "/events")
                                .header("Accept", "text/event-stream")
                                .header("Last-Event-ID", Long.toString(after))
                                .build(),
                        BodyHandlers.ofInputStream())
                .body()) {
            var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            assertThat(lines.readLine()).startsWith(":");
            Script.letGo();
            var id = nextId(lines);
            assertThat(id).isGreaterThan(after);
        }
        assertThat(alice.get(path + "/events", "Accept", "text/event-stream", "Last-Event-ID", "x")
                        .code())
                .isEqualTo("invalid_parameter");
    }

    @Test
    void aStreamEndsWithTheTokenThatOpenedItAndAUserHasTenAtMost() throws Exception {
        var path = PATH + "/" + running("e1") + "/events";
        assertThat(alice.send("HEAD", path, null, "Accept", "text/event-stream").status())
                .isEqualTo(200);
        var open = new ArrayList<HttpResponse<InputStream>>();
        for (int i = 0; i < 10; i++) {
            open.add(Client.http()
                    .send(
                            alice.request(path)
                                    .header("Accept", "text/event-stream")
                                    .build(),
                            BodyHandlers.ofInputStream()));
            assertThat(open.getLast().statusCode()).isEqualTo(200);
        }
        var oneMore = alice.get(path, "Accept", "text/event-stream");
        assertThat(oneMore.status()).isEqualTo(429);
        assertThat(oneMore.code()).isEqualTo("too_many_streams");

        assertThat(alice.post("/api/v1/users/logout").status()).isEqualTo(204);
        for (var stream : open) {
            // Returns only when the server has ended it.
            stream.body().readAllBytes();
        }
    }

    private static long nextId(BufferedReader lines) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id:")) {
                return Long.parseLong(line.substring(3).strip());
            }
        }
        throw new AssertionError("the stream ended without an event");
    }
}
