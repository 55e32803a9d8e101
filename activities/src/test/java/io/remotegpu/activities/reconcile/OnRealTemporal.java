package io.remotegpu.activities.reconcile;

import io.remotegpu.activities.testing.Gate;
import io.remotegpu.activities.testing.Installation;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.TemporalServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A reconciler beside an installation on a real Temporal server, whose visibility it asks. */
abstract class OnRealTemporal extends InstallationTest {

    protected static TemporalServer server;

    protected final Gate gate = new Gate();
    protected OpenWorkflows workflows;
    protected Reconciling reconciler;

    @BeforeAll
    static void install() throws IOException {
        server = TemporalServer.start();
        server.registerSearchAttributes();
        installation = Installation.on(server);
    }

    @AfterAll
    static void close() {
        if (server != null) {
            installation.close();
            server.close();
        }
    }

    @BeforeEach
    void aReconciler() {
        workflows = new OpenWorkflows(installation.client());
        reconciler = new Reconciling(installation, workflows);
    }

    @AfterEach
    void end() {
        gate.open();
        reconciler.close();
    }
}
