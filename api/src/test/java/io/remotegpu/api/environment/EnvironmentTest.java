package io.remotegpu.api.environment;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import org.junit.jupiter.api.BeforeEach;

/** A user with environments, and a host for them. */
abstract class EnvironmentTest extends ApiTest {

    static final String PATH = "/api/v1/environments";

    Client alice = nobody;

    @BeforeEach
    void aUserAndAHost() {
        alice = nobody.user("alice");
        activeHost("h1", 2);
    }

    final String running(String name) {
        return alice.post(PATH, TERMINAL.formatted(name), "Prefer", "wait=20")
                .json()
                .get("id")
                .asString();
    }
}
