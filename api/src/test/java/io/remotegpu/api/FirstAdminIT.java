package io.remotegpu.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.api.testing.ApiServer;
import io.remotegpu.api.testing.ApiTest;
import org.junit.jupiter.api.Test;

class FirstAdminIT extends ApiTest {

    @Test
    void thePresetAdminIsMadeOnceAndNeverTakesTheAccountOfAnother() {
        try (var server = start("root", "secret-root")) {
            assertThat(server.client()
                            .login("root", "secret-root")
                            .get("/api/v1/users")
                            .status())
                    .isEqualTo(200);
        }
        start("root", "x").close();
        nobody.user("alice");
        assertThatThrownBy(() -> start("alice", "secret-alice")).hasStackTraceContaining("is no admin");
        assertThatThrownBy(() -> start("boss", "x")).hasStackTraceContaining("must have at least 6 characters");
    }

    private static ApiServer start(String name, String password) {
        return ApiServer.start(
                Shared.DATABASE,
                workflows(),
                "remotegpu.security.preset-admin.username=" + name,
                "remotegpu.security.preset-admin.email=" + name + "@example.org",
                "remotegpu.security.preset-admin.password=" + password);
    }
}
