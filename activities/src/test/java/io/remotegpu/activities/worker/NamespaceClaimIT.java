package io.remotegpu.activities.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.activities.testing.TemporalServer;
import io.temporal.client.WorkflowClient;
import io.temporal.client.schedules.ScheduleClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two installations never work in one namespace: on a real Temporal server, for the in-process one has no schedules. */
class NamespaceClaimIT {

    private static TemporalServer server;
    private static WorkflowClient client;

    private final UUID ours = UUID.randomUUID();

    @BeforeAll
    static void startServer() throws IOException {
        server = TemporalServer.start();
        client = server.client();
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            client.getWorkflowServiceStubs().shutdownNow();
            server.close();
        }
    }

    @AfterEach
    void ofNobody() {
        ScheduleClient.newInstance(client.getWorkflowServiceStubs())
                .getHandle(NamespaceClaim.SCHEDULE)
                .delete();
    }

    @Test
    void whoTookItKeepsItOverEveryStart() {
        NamespaceClaim.make(client, ours);
        NamespaceClaim.make(client, ours);

        var claim = ScheduleClient.newInstance(client.getWorkflowServiceStubs())
                .getHandle(NamespaceClaim.SCHEDULE)
                .describe();
        assertThat(claim.getSchedule().getState().isPaused()).isTrue();
        assertThat(claim.getSchedule().getState().getNote()).contains(ours.toString());
    }

    @Test
    void anotherInstallationIsRefusedAndToldHowToGoOn() {
        NamespaceClaim.make(client, ours);
        var theirs = UUID.randomUUID();

        assertThatThrownBy(() -> NamespaceClaim.make(client, theirs))
                .isInstanceOf(ForeignNamespaceException.class)
                .hasMessageContaining(ours.toString())
                .hasMessageContaining(theirs.toString())
                .hasMessageContaining("remotegpu.temporal.namespace");
    }

    @Test
    void ofSeveralThatComeAtOnceOneHasIt() throws InterruptedException {
        var owners = new ConcurrentLinkedQueue<UUID>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            var one = UUID.randomUUID();
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    NamespaceClaim.make(client, one);
                    owners.add(one);
                } catch (ForeignNamespaceException refused) {
                    // One of the others was first.
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(owners).hasSize(1);
        NamespaceClaim.make(client, owners.peek());
    }
}
