package io.remotegpu.activities.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A test on an installation of its own, empty before each test. */
public abstract class InstallationTest {

    protected static final String HOST = "host-1";
    protected static final String OTHER_HOST = "host-2";

    protected static Installation installation;

    /** The environment that the test is about: a terminal with one GPU. */
    protected final UUID id = UUID.randomUUID();

    protected Operations operations;

    @BeforeAll
    static void install() {
        installation = new Installation();
    }

    @AfterAll
    static void close() {
        installation.close();
    }

    @BeforeEach
    void empty() {
        installation.reset();
        operations = installation.operations();
    }

    /** Asks for it; returns when it was admitted, throws when it was refused. */
    protected void create() {
        operations.create(installation.user(), id, Specs.terminal("train", 1));
    }

    /** Asks for another one of that name. */
    protected UUID create(String name) {
        var another = UUID.randomUUID();
        operations.create(installation.user(), another, Specs.terminal(name, 1));
        operations.awaitEnd(another);
        return another;
    }

    protected void running() {
        create();
        awaitEnd();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    protected void stopped() {
        running();
        operations.stop(id);
        awaitEnd();
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
    }

    protected void delete() {
        operations.delete(id);
        awaitEnd();
        assertStatus(EnvironmentStatus.DELETED, Holdings.NOTHING);
    }

    protected void awaitEnd() {
        operations.awaitEnd(id);
    }

    protected void assertStatus(EnvironmentStatus status, Holdings holdings) {
        assertThat(installation.environment(id).status()).isEqualTo(status);
        assertThat(installation.holdings(id)).isEqualTo(holdings);
        installation.assertSound();
    }

    /** Failed for that reason. */
    protected void assertFailed(String code, Holdings holdings) {
        assertStatus(EnvironmentStatus.FAILED, holdings);
        assertThat(installation.environment(id).failureCode()).isEqualTo(code);
        assertThat(installation.environment(id).failureReason()).isNotBlank();
        assertThat(installation.environment(id).unreturned()).isEmpty();
    }

    /** Nothing of it was ever stored. */
    protected void assertNeverWas() {
        assertThat(installation.exists(id)).isFalse();
        assertThat(installation.holdings(id)).isEqualTo(Holdings.NOTHING);
        installation.assertSound();
    }

    /** What was said of this environment with that outcome, oldest first. */
    protected List<String> events(String outcome) {
        return installation
                .jdbc()
                .sql(
                        "SELECT coalesce(message, '') FROM environment_events WHERE environment_id = ? AND outcome = ? ORDER BY id")
                .params(id, outcome)
                .query(String.class)
                .list();
    }

    /** Does it beside the test. */
    protected static CompletableFuture<Void> beside(Runnable call) {
        return CompletableFuture.runAsync(call, Executors.newVirtualThreadPerTaskExecutor());
    }
}
