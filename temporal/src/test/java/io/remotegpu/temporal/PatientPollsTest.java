package io.remotegpu.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.api.workflowservice.v1.PollActivityTaskQueueRequest;
import io.temporal.api.workflowservice.v1.PollWorkflowTaskQueueRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.testserver.TestServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls while Temporal, which was there, is away. */
class PatientPollsTest {

    private static final TaskQueue QUEUE = TaskQueue.newBuilder().setName("q").build();

    private WorkflowServiceStubs connection;

    @BeforeEach
    void temporalWasThere() throws IOException {
        int port = freePort();
        connection = TemporalConnections.open(TemporalSettings.at("127.0.0.1:" + port));
        try (var _ = TestServer.createPortBoundServer(port)) {
            assertThat(connection.getServerCapabilities().get()).isNotNull();
        }
    }

    @AfterEach
    void disconnect() {
        connection.shutdownNow();
    }

    @Test
    void aWorkersPollWaitsForIt() {
        assertThat(failure(calls -> calls.pollWorkflowTaskQueue(PollWorkflowTaskQueueRequest.newBuilder()
                        .setNamespace("default")
                        .setTaskQueue(QUEUE)
                        .build())))
                .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(failure(calls -> calls.pollActivityTaskQueue(PollActivityTaskQueueRequest.newBuilder()
                        .setNamespace("default")
                        .setTaskQueue(QUEUE)
                        .build())))
                .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void otherCallsFailAtOnce() {
        assertThat(failure(calls -> calls.getSystemInfo(GetSystemInfoRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.UNAVAILABLE);
    }

    private Status.Code failure(Consumer<WorkflowServiceBlockingStub> call) {
        var calls = connection.blockingStub().withDeadlineAfter(2, TimeUnit.SECONDS);
        return catchThrowableOfType(StatusRuntimeException.class, () -> call.accept(calls))
                .getStatus()
                .getCode();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
