package io.remotegpu.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Mistaken and hostile requests: each gets its problem, and none leaves anything behind. */
abstract class HostileRequests extends ApiTest {

    static final String NUL = "\\u0000";
    static final String HALF = "\\ud800";

    Client admin = nobody;

    @BeforeEach
    void anAdminAndAHost() {
        admin = nobody.user("admin");
        activeHost("h1", 1);
    }

    /** One bad request; {@code field} must be named in errors, or is null where there is none to name. */
    record Bad(
            String method,
            String path,
            @Nullable String body,
            int status,
            String code,
            @Nullable String field) {}

    static Bad invalid(String method, String path, String body, String field) {
        return new Bad(method, path, body, 422, "validation_failed", field);
    }

    static Stream<Bad> fields(String method, String path, String good, String[][] faults) {
        return Stream.of(faults).map(fault -> {
            var key = "\"" + fault[0] + "\":";
            var at = good.indexOf(key);
            var body = at < 0
                    ? good.substring(0, good.length() - 1) + "," + key + fault[1] + "}"
                    : good.substring(0, at) + key + fault[1] + good.substring(end(good, at + key.length()));
            return invalid(method, path, body, fault.length > 2 ? fault[2] : fault[0]);
        });
    }

    private static int end(String json, int from) {
        var quoted = false;
        for (int i = from; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '}')) {
                return i;
            }
        }
        return json.length();
    }

    void refusesAll(Client who, Stream<Bad> requests) {
        var before = stored();
        var wrong = new ArrayList<String>();
        requests.forEach(bad -> {
            var answer = who.send(bad.method(), "/api/v1" + bad.path(), bad.body());
            var named = bad.field() == null
                    || answer.json()
                            .path("errors")
                            .valueStream()
                            .anyMatch(error ->
                                    bad.field().equals(error.path("field").asString("")));
            var isProblem = answer.header("Content-Type").startsWith("application/problem+json");
            if (answer.status() != bad.status() || !answer.code().equals(bad.code()) || !named || !isProblem) {
                var shown = bad.toString();
                wrong.add((shown.length() > 300 ? shown.substring(0, 300) : shown) + "\n   -> " + answer);
            }
        });
        assertThat(wrong.stream().limit(5)).as("%s wrong answers", wrong.size()).isEmpty();
        assertThat(stored()).isEqualTo(before);
    }
}
