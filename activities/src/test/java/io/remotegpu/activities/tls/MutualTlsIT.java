package io.remotegpu.activities.tls;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.Installation;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.TemporalServer;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.temporal.TemporalConnections;
import io.remotegpu.temporal.TemporalSettingException;
import io.remotegpu.temporal.TemporalSettings;
import io.remotegpu.temporal.TemporalSettings.Encryption;
import io.remotegpu.temporal.TemporalSettings.Tls;
import io.remotegpu.temporal.testing.Authority;
import io.remotegpu.temporal.testing.TlsFront;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Temporal that lets nobody in without a certificate, and how a process finds out what does not fit. */
class MutualTlsIT extends InstallationTest {

    private static final String SERVER = "temporal.example";
    private static final String WORKER = "worker.example";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private static Path folder;

    private static TemporalServer server;
    private static Authority authority;
    private static Authority strangers;
    private static TlsFront front;

    @BeforeAll
    static void install() throws Exception {
        server = TemporalServer.start();
        server.registerSearchAttributes();
        installation = Installation.on(server);
        authority = new Authority(folder.resolve("ours"));
        authority.sign(SERVER);
        authority.sign(WORKER);
        strangers = new Authority(folder.resolve("theirs"));
        strangers.sign(WORKER);
        front = new TlsFront(authority.server(SERVER), server.port());
    }

    @AfterAll
    static void close() throws IOException {
        if (server != null) {
            front.close();
            installation.close();
            server.close();
        }
    }

    @Test
    void withTheRightCertificatesOperationsGoThrough() {
        var settings = settings(tls(authority, authority, SERVER));
        var connection = TemporalConnections.open(settings);
        var inPlain = installation.client();
        try {
            TemporalConnections.check(connection, settings);
            installation.restartOver(TemporalConnections.client(connection, settings));
            installation.host(HOST, 1);

            create();
            awaitEnd();

            assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        } finally {
            installation.restartOver(inPlain);
            connection.shutdownNow();
        }
    }

    @Test
    void withoutACertificateItIsRefusedAndSaysWhatIsWanted() {
        assertRefused(
                new Tls(true, null, null, authority.certificate(), SERVER),
                "refuses our certificate",
                "remotegpu.temporal.tls.certificate and remotegpu.temporal.tls.key");
    }

    @Test
    void withACertificateOfSomebodyElsesAuthorityItIsRefused() {
        assertRefused(
                tls(strangers, authority, SERVER),
                "refuses our certificate",
                "the one of remotegpu.temporal.tls.certificate has to be signed by an authority that it trusts");
    }

    @Test
    void aTemporalThatAnotherAuthoritySignedIsNotTrusted() {
        assertRefused(
                tls(authority, strangers, SERVER),
                "not signed by an authority that we trust",
                "remotegpu.temporal.tls.ca");
        // Nor where only those that Java trusts are.
        assertRefused(
                new Tls(true, authority.certificate(WORKER), authority.key(WORKER), null, SERVER),
                "not signed by an authority that we trust",
                "remotegpu.temporal.tls.ca");
    }

    @Test
    void aTemporalOfAnotherNameIsNotTrusted() {
        assertRefused(tls(authority, authority, "other.example"), "another name", "remotegpu.temporal.tls.server-name");
        assertRefused(tls(authority, authority, null), "another name", "remotegpu.temporal.tls.server-name");
    }

    @Test
    void aTemporalWithoutTlsIsNotTakenForOne() {
        assertRefused(
                settings(tls(authority, authority, SERVER)).withAddress(server.target()),
                "does not speak TLS",
                "remotegpu.temporal.tls.enabled");
    }

    @Test
    void aTemporalThatIsAwayIsNoRefusal() {
        var settings = settings(tls(authority, authority, SERVER)).withAddress("127.0.0.1:1");
        var connection = TemporalConnections.open(settings);
        try {
            TemporalConnections.check(connection, settings);
        } finally {
            connection.shutdownNow();
        }
    }

    @Test
    void aCertificateThatIsReplacedIsTakenUpWithoutARestart() throws Exception {
        var certificate = folder.resolve("mine.crt");
        var key = folder.resolve("mine.key");
        strangers.give(WORKER, certificate, key);
        var settings = settings(new Tls(true, certificate, key, authority.certificate(), SERVER));
        var connection = TemporalConnections.open(settings);
        try {
            assertThatThrownBy(() -> TemporalConnections.check(connection, settings))
                    .isInstanceOf(TemporalSettingException.class);

            authority.give(WORKER, certificate, key);

            await().atMost(PATIENCE)
                    .ignoreException(TemporalSettingException.class)
                    .until(() -> {
                        TemporalConnections.check(connection, settings);
                        return true;
                    });
        } finally {
            connection.shutdownNow();
        }
    }

    private static void assertRefused(Tls tls, String... words) {
        assertRefused(settings(tls), words);
    }

    private static void assertRefused(TemporalSettings settings, String... words) {
        var connection = TemporalConnections.open(settings);
        try {
            assertThatThrownBy(() -> TemporalConnections.check(connection, settings))
                    .isInstanceOf(TemporalSettingException.class)
                    .hasMessageContainingAll(words);
        } finally {
            connection.shutdownNow();
        }
    }

    private static Tls tls(Authority ofOurs, Authority trusted, @Nullable String name) {
        return new Tls(true, ofOurs.certificate(WORKER), ofOurs.key(WORKER), trusted.certificate(), name);
    }

    private static TemporalSettings settings(Tls tls) {
        return new TemporalSettings(front.target(), TemporalServer.NAMESPACE, tls, new Encryption(false, null));
    }
}
