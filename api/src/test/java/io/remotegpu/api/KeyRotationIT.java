package io.remotegpu.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.api.testing.ApiServer;
import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import io.remotegpu.db.environment.EnvironmentSecrets;
import io.remotegpu.db.secret.SecretBox;
import io.remotegpu.db.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The installation's key is replaced, on a database with tokens and secrets of the one before. */
class KeyRotationIT extends ApiTest {

    private static final String BEFORE = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final String AFTER = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

    @Test
    void tokensAndSecretsOfTheKeyBeforeAreGoodUntilItIsTakenAway() {
        var database = TestDatabase.create();
        String token;
        String secret;
        UUID environment = UUID.randomUUID();
        try (var server = start(database, BEFORE)) {
            token = server.client().user("alice").token();
            secret = secretOf(server, environment);
        }
        String newToken;
        try (var server = start(database, AFTER + "," + BEFORE)) {
            assertThat(works(server, token)).isTrue();
            assertThat(read(server, environment)).isEqualTo(secret);
            newToken = server.client().login("alice", "secret-alice").token();
            assertThat(header(newToken)).contains("\"kid\"").isNotEqualTo(header(token));
        }
        assertThatThrownBy(() -> start(database, BEFORE)).hasStackTraceContaining("give both, the new one first");
        try (var server = start(database, AFTER)) {
            assertThat(works(server, newToken)).isTrue();
            assertThat(works(server, token)).isFalse();
            assertThat(read(server, environment)).isEqualTo(secret);
        }
    }

    private static ApiServer start(TestDatabase database, String key) {
        return ApiServer.start(database, workflows(), "remotegpu.installation.key=" + key);
    }

    private static boolean works(ApiServer server, String token) {
        Client.Answer answer = server.client().as(token).get("/api/v1/users/me");
        assertThat(answer.status()).isIn(200, 401);
        return answer.status() == 200;
    }

    private static String header(String token) {
        return new String(
                Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.'))), StandardCharsets.UTF_8);
    }

    /** Of an environment whose rows alone are there: what runs is no matter of keys. */
    private static String secretOf(ApiServer server, UUID environment) {
        var jdbc = server.bean(JdbcClient.class);
        jdbc.sql("""
                        INSERT INTO environments
                            (id, user_id, name, environment_type, deployment_mode, image, cpu, memory, gpu, storage, status)
                        SELECT ?, id, 'e', 'desktop', 'docker', 'i', 1, 1073741824, 0, 1073741824, 'stopped' FROM users""").param(environment).update();
        jdbc.sql("INSERT INTO environment_secrets (environment_id, name, ciphertext) VALUES (?, 'password', ?)")
                .params(environment, server.bean(SecretBox.class).seal(environment + "/password", "geheim"))
                .update();
        return "geheim";
    }

    private static String read(ApiServer server, UUID environment) {
        return server.bean(EnvironmentSecrets.class)
                .read(environment, EnvironmentSecrets.PASSWORD)
                .orElseThrow();
    }
}
