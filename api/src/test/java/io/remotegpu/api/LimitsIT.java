package io.remotegpu.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiServer;
import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import io.remotegpu.db.testing.TestDatabase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What one caller may ask of a server: how often, how much, how slowly. Each test calls from addresses of its own. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LimitsIT extends ApiTest {

    private static final ApiServer SERVER = ApiServer.start(
            TestDatabase.create(),
            workflows(),
            "remotegpu.rate-limits.user.requests=20",
            "remotegpu.rate-limits.user.per=10h",
            "remotegpu.rate-limits.address.requests=15",
            "remotegpu.rate-limits.address.per=10h",
            "remotegpu.rate-limits.login.requests=10",
            "remotegpu.rate-limits.login.per=10h",
            "remotegpu.web.max-codec-body=512KB",
            "remotegpu.web.head-timeout=1s",
            "remotegpu.web.body-timeout=2s",
            "server.forward-headers-strategy=native",
            "server.tomcat.remoteip.internal-proxies=127.0.7.0/24");

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void aUserWhoAsksTooOftenIsToldWhenToComeBackAndOthersAreNot() {
        var alice = register("127.0.1.1", "alice");
        var bob = register("127.0.1.2", "bob");
        var first = alice.get("/api/v1/users/me");
        assertThat(first.header("RateLimit-Policy")).isEqualTo("\"user\";q=20;w=36000");
        assertThat(first.header("RateLimit")).startsWith("\"user\";r=19;t=");
        IntStream.range(0, 19).forEach(_ -> alice.get("/api/v1/users/me"));

        var audited = audited();
        var refused = alice.post("/api/v1/users/me/tokens", "{}");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("rate_limited");
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(Long.parseLong(refused.header("Retry-After"))).isBetween(1L, 1800L);
        assertThat(refused.header("RateLimit")).startsWith("\"user\";r=0;t=");
        assertThat(refused.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(refused.json().get("request_id").asString()).isEqualTo(refused.header("X-Request-Id"));
        assertThat(bob.get("/api/v1/users/me").status()).isEqualTo(200);
        assertThat(audited()).as("a flood is not written down").isEqualTo(audited);
    }

    @Test
    void anAddressWithoutATokenHasItsOwnShareAndHealthIsAlwaysAnswered() throws IOException {
        var user = register("127.0.2.1", "carol");
        var statuses = new ArrayList<Integer>();
        for (int i = 0; i < 14; i++) {
            statuses.add(status(call("127.0.2.1", get("/api/v1/users/me", "Authorization: Bearer rgpu_guess" + i))));
        }
        assertThat(statuses.subList(0, 13)).containsOnly(401);
        assertThat(statuses.getLast()).isEqualTo(429);
        assertThat(status(call("127.0.2.2", get("/api/v1/users/me")))).isEqualTo(401);
        assertThat(status(call("127.0.2.1", get("/actuator/health")))).isEqualTo(200);
        assertThat(status(call("127.0.2.1", get("/api/v1/users/me", "Authorization: Bearer " + user.token()))))
                .as("whoever has logged in is not held to what their neighbours did")
                .isEqualTo(200);
    }

    @Test
    void loginsAreCountedBesideOtherRequests() throws IOException {
        var answers = new ArrayList<String>();
        for (int i = 0; i < 11; i++) {
            answers.add(call("127.0.3.1", post("/api/v1/users/login", "{}")));
        }
        assertThat(answers.subList(0, 10)).allMatch(answer -> status(answer) == 422);
        assertThat(answers.getFirst())
                .contains("RateLimit-Policy: \"address\";q=15;w=36000, \"login\";q=10;w=36000")
                .contains("RateLimit: \"address\";r=14;");
        assertThat(answers.getLast()).startsWith("HTTP/1.1 429").contains("\"rate_limited\"", "to log in");
        assertThat(status(call("127.0.3.1", post("/api/v1/users/%6cogin", "{}"))))
                .isEqualTo(429);
        assertThat(status(call("127.0.3.1", get("/api/v1/users/me")))).isEqualTo(401);
    }

    @Test
    void onlyATrustedProxySaysWhoseAddressItIs() throws IOException {
        for (int i = 0; i < 15; i++) {
            assertThat(status(call("127.0.4.1", get("/api/v1/users/me", "X-Forwarded-For: 203.0.113." + i))))
                    .isEqualTo(401);
        }
        assertThat(status(call("127.0.4.1", get("/api/v1/users/me", "X-Forwarded-For: 203.0.113.77"))))
                .isEqualTo(429);

        for (int i = 0; i < 20; i++) {
            assertThat(status(call("127.0.7.1", get("/api/v1/users/me", "X-Forwarded-For: 198.51.100." + i))))
                    .isEqualTo(401);
        }
        for (int i = 0; i < 14; i++) {
            call("127.0.7.1", get("/api/v1/users/me", "X-Forwarded-For: 198.51.100.1"));
        }
        assertThat(status(call("127.0.7.2", get("/api/v1/users/me", "X-Forwarded-For: 198.51.100.1"))))
                .isEqualTo(429);
    }

    @Test
    void whoeverDribblesHeadersIsHungUpOnAndOthersAreServed() throws Exception {
        var connections = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 50; i++) {
                var slow = connect("127.0.5.1");
                connections.add(slow);
                write(slow, "GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\nX-Slow: ");
            }
            var idle = connect("127.0.5.1");
            write(idle, "GET /actuator/info HTTP/1.1\r\nHost: x\r\n\r\n");
            eventually(() -> {
                connections.removeIf(LimitsIT::isClosedAfterAnotherByte);
                return connections.isEmpty();
            });
            // A connection between two requests is not one that dribbles.
            write(idle, "GET /actuator/info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(new String(idle.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .split("HTTP/1.1 200", -1))
                    .hasSize(3);
            assertThat(status(call("127.0.5.2", get("/actuator/health")))).isEqualTo(200);
        } finally {
            for (var connection : connections) {
                connection.close();
            }
        }
    }

    @Test
    void aBodyThatDribblesInIsAnswered408AndTheConnectionIsClosed() throws Exception {
        try (var slow = connect("127.0.5.3")) {
            write(
                    slow,
                    "POST /api/v1/users/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 10000\r\n\r\n{");
            var dribble = Thread.ofVirtual().start(() -> {
                while (!isClosedAfterAnotherByte(slow)) {
                    // until nobody listens any more
                }
            });
            assertThat(untilClosed(slow)).startsWith("HTTP/1.1 408").contains("\"code\":\"request_timeout\"");
            dribble.join();
        }
    }

    /** Nobody reads it, because the caller is refused before: then the server must not wait for it for ever, either. */
    @Test
    void aBodyThatNobodyWantsDoesNotHoldAConnection() throws Exception {
        try (var slow = connect("127.0.5.4")) {
            write(
                    slow,
                    "POST /api/v1/environments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 10000\r\n\r\n{");
            var dribble = Thread.ofVirtual().start(() -> {
                while (!isClosedAfterAnotherByte(slow)) {
                    // until nobody listens any more
                }
            });
            dribble.join(Duration.ofMinutes(2));
            assertThat(dribble.isAlive()).isFalse();
        }
    }

    @Test
    void whatIsTooLargeOrTooDeepIsRefusedAndNeverAnswered5xx() throws IOException {
        var bodies = List.of(
                "[".repeat(100_000),
                "{\"username\":" + "[".repeat(100_000),
                "{\"a\":".repeat(40) + "1" + "}".repeat(40),
                "{\"username\":" + "9".repeat(100_000) + "}",
                "{\"" + "a".repeat(100_000) + "\":1}",
                "{\"username\":\"" + "a".repeat(200_000) + "\"}");
        for (var body : bodies) {
            assertThat(status(call("127.0.6.1", post("/api/v1/users/login", body))))
                    .as(body.substring(0, 30))
                    .isIn(400, 422);
        }
        assertThat(call("127.0.6.1", post("/api/v1/users/login", " ".repeat(300_000))))
                .startsWith("HTTP/1.1 413");
        for (var path : List.of("/api/v1/codec/decode", "/api/v1/codec/links/x/decode")) {
            assertThat(call("127.0.6.1", post(path, " ".repeat(300_000)))).startsWith("HTTP/1.1 401");
            assertThat(call("127.0.6.1", post(path, " ".repeat(600_000)))).startsWith("HTTP/1.1 413");
        }
        assertThat(call("127.0.6.1", get("/actuator/info", "X-Large: " + "a".repeat(20_000))))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json");
        var many = IntStream.range(0, 500).mapToObj(i -> "X-Many-" + i + ": 1").toArray(String[]::new);
        assertThat(call("127.0.6.1", get("/actuator/info", many))).startsWith("HTTP/1.1 400");
        assertThat(status(call("127.0.6.1", get("/actuator/health")))).isEqualTo(200);
    }

    @Test
    void everyAnswerSaysWhatABrowserMayDoWithIt() throws IOException {
        for (var path : List.of("/api/v1/users/me", "/swagger-ui/index.html", "/nothing", "/actuator/health")) {
            assertThat(call("127.0.6.2", get(path)))
                    .as(path)
                    .contains(
                            "X-Content-Type-Options: nosniff",
                            "X-Frame-Options: DENY",
                            "Referrer-Policy: no-referrer",
                            "Content-Security-Policy: default-src 'none'; script-src 'self';",
                            "frame-ancestors 'none'")
                    .doesNotContain("Strict-Transport-Security", "Server:");
        }
    }

    private Client register(String address, String name) {
        try {
            var answer = call(
                    address,
                    post(
                            "/api/v1/users/register",
                            "{\"username\":\"%s\",\"email\":\"%s@example.com\",\"password\":\"secret-1\"}"
                                    .formatted(name, name)));
            assertThat(answer).startsWith("HTTP/1.1 201");
            var login = call(
                    address,
                    post("/api/v1/users/login", "{\"username\":\"%s\",\"password\":\"secret-1\"}".formatted(name)));
            var token = login.replaceFirst("(?s).*\"token\":\"([^\"]+)\".*", "$1");
            return SERVER.client().as(token);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long audited() {
        return SERVER.bean(JdbcClient.class)
                .sql("SELECT count(*) FROM audit_log WHERE outcome = 429")
                .query(Long.class)
                .single();
    }

    private static Socket connect(String from) throws IOException {
        var socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", SERVER.port()));
        return socket;
    }

    private static String call(String from, String request) throws IOException {
        try (var socket = connect(from)) {
            write(socket, request);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What was read before the connection was closed, or reset because we were still sending. */
    private static String untilClosed(Socket socket) throws IOException {
        var read = new StringBuilder();
        try {
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                read.append((char) next);
            }
        } catch (SocketException reset) {
            // That, too, is an end.
        }
        return read.toString();
    }

    private static String get(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + lines(headers) + "\r\n";
    }

    private static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String lines(String... headers) {
        return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends one more byte; a closed connection answers that with a reset, which the next one sees. */
    private static boolean isClosedAfterAnotherByte(Socket socket) {
        try {
            write(socket, " ");
            Thread.sleep(20);
            return socket.isClosed();
        } catch (SocketException closed) {
            return true;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
