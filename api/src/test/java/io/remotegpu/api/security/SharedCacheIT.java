package io.remotegpu.api.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.remotegpu.api.testing.ApiServer;
import io.remotegpu.api.testing.Client;
import io.remotegpu.api.testing.Waiting;
import io.remotegpu.db.testing.TestDatabase;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two API processes on one database, with a real Redis between them, and without. */
class SharedCacheIT {

    private static @Nullable Process redis;
    private static int port;
    private static ApiServer one;
    private static ApiServer other;
    /** Nothing here starts a workflow. */
    private static final WorkflowClient WORKFLOWS = WorkflowClient.newInstance(WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget("127.0.0.1:1").build()));

    private static final TestDatabase DATABASE = TestDatabase.create();

    private Client admin;
    private Client alice;

    @BeforeAll
    static void startRedisAndTwoServers() throws IOException {
        if (Stream.of(System.getenv("PATH").split(":"))
                .noneMatch(folder -> Files.isExecutable(Path.of(folder, "redis-server")))) {
            if ("true".equals(System.getenv("CI")) || "all".equals(System.getenv("REMOTEGPU_TEST_REQUIRE"))) {
                throw new AssertionError("redis-server is not on PATH: install redis-server");
            }
            abort("redis-server is not on PATH: install redis-server");
        }
        port = freePort();
        redis = startRedis();
        one = server();
        other = server();
    }

    @AfterAll
    static void stopThem() {
        if (redis != null) {
            one.close();
            other.close();
            redis.destroyForcibly();
        }
    }

    @BeforeEach
    void twoUsers() {
        one.bean(JdbcClient.class)
                .sql("TRUNCATE users, login_failures, revoked_tokens CASCADE")
                .update();
        admin = one.client().user("admin");
        alice = one.client().user("alice");
    }

    @Test
    void aLogoutOnOneProcessIsSeenByTheOtherAtOnce() {
        assertThat(at(other, alice).get("/api/v1/users/me").status()).isEqualTo(200);
        assertThat(alice.post("/api/v1/users/logout").status()).isEqualTo(204);
        assertThat(at(other, alice).get("/api/v1/users/me").status()).isEqualTo(401);
    }

    @Test
    void aDeactivationOnOneProcessIsSeenByTheOtherAtOnce() {
        assertThat(at(other, alice).get("/api/v1/users/me").status()).isEqualTo(200);
        deactivateAlice(one);
        assertThat(at(other, alice).get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(alice.get("/api/v1/users/me").status()).isEqualTo(401);
    }

    @Test
    void aNewRoleAndANewPasswordOnOneProcessAreSeenByTheOtherAtOnce() {
        var id = alice.get("/api/v1/users/me").json().get("id").asString();
        assertThat(at(other, alice).get("/api/v1/users").status()).isEqualTo(403);
        admin.put("/api/v1/users/" + id + "/role", "{\"role\":\"admin\"}");
        assertThat(at(other, alice).get("/api/v1/users").status()).isEqualTo(200);
        alice.put(
                "/api/v1/users/me/password",
                "{\"current_password\":\"secret-alice\",\"new_password\":\"another-one\"}");
        assertThat(at(other, alice).get("/api/v1/users/me").status()).isEqualTo(401);
    }

    @Test
    void withoutRedisTheDatabaseAnswersAndNothingWithdrawnIsAccepted() throws Exception {
        assertThat(at(other, alice).get("/api/v1/users/me").status()).isEqualTo(200);
        var process = Objects.requireNonNull(redis);
        process.destroyForcibly().waitFor();
        try {
            assertThat(at(other, alice).get("/api/v1/users/me").status()).isEqualTo(200);
            assertThat(alice.get("/api/v1/users/me").status()).isEqualTo(200);
            deactivateAlice(one);
            assertThat(at(other, alice).get("/api/v1/users/me").status()).isEqualTo(401);
            assertThat(alice.get("/api/v1/users/me").status()).isEqualTo(401);
        } finally {
            redis = startRedis();
        }
        var bob = one.client().user("bob");
        Waiting.until(() -> {
            bob.get("/api/v1/users/me");
            return remembered() > 0;
        });
        at(other, bob).post("/api/v1/users/logout");
        assertThat(bob.get("/api/v1/users/me").status()).isEqualTo(401);
    }

    private void deactivateAlice(ApiServer server) {
        var id = server.bean(JdbcClient.class)
                .sql("SELECT id FROM users WHERE username = 'alice'")
                .query(Long.class)
                .single();
        assertThat(at(server, admin)
                        .put("/api/v1/users/" + id + "/status", "{\"status\":\"inactive\"}")
                        .status())
                .isEqualTo(200);
    }

    /** How many users Redis knows. */
    private static int remembered() {
        var connections = RedisConnections.to(URI.create("redis://127.0.0.1:" + port), Duration.ofSeconds(1));
        try {
            return new StringRedisTemplate(connections).keys("remotegpu:user:*").size();
        } finally {
            connections.destroy();
        }
    }

    private static Client at(ApiServer server, Client who) {
        return server.client().as(who.token());
    }

    private static ApiServer server() {
        return ApiServer.start(DATABASE, WORKFLOWS, "remotegpu.cache.redis-url=redis://127.0.0.1:" + port);
    }

    private static Process startRedis() throws IOException {
        var process = new ProcessBuilder(
                        "redis-server",
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Waiting.until(() -> {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 100);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        return process;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
