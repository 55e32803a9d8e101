package io.remotegpu.api.testing;

import io.remotegpu.db.testing.TestDatabase;
import io.remotegpu.workflows.SearchAttributes;
import io.remotegpu.workflows.TaskQueues;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.client.WorkflowClient;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A test against one running API server, whose database is empty when each test begins. */
public abstract class ApiTest {

    protected static final String TERMINAL = """
            {"name":"%s","environment_type":"terminal","deployment_mode":"docker","cpu":1,"memory":"1Gi","gpu":0,"storage":"1Gi"}""";

    /** From where Temporal's UI may have payloads decoded. */
    protected static final String TEMPORAL_UI = "http://temporal.example:8233";

    /** The server has it, and can read what is encrypted with it. */
    protected static final Path PAYLOAD_KEY = payloadKey();

    /** Started by the first test that needs it; ends with the JVM. */
    protected static final class Shared {
        public static final TestDatabase DATABASE = TestDatabase.create();
        public static final TestWorkflowEnvironment TEMPORAL = temporal();
        public static final ApiServer SERVER = ApiServer.start(
                DATABASE,
                TEMPORAL.getWorkflowClient(),
                "remotegpu.security.lockout.address-failures=1000",
                "remotegpu.temporal.encryption.key-file=" + PAYLOAD_KEY,
                "remotegpu.web.codec-origins=" + TEMPORAL_UI,
                "remotegpu.environments.stream-alive=500ms");

        static {
            serve(TEMPORAL, SERVER);
        }
    }

    protected final Client nobody = Shared.SERVER.client();
    protected final JdbcClient jdbc = Shared.SERVER.bean(JdbcClient.class);

    @BeforeEach
    void emptyTheDatabase() {
        jdbc.sql(
                        "TRUNCATE users, hosts, environments, gpus, allocations, holding_log, gpu_use_log, reconciler_findings, login_failures, revoked_tokens CASCADE")
                .update();
        jdbc.sql(TestDatabase.EMPTY_AUDIT_LOG).update();
    }

    @AfterEach
    void letOperationsEnd() {
        Script.letGo();
        // The next test empties the database: nothing may still be writing to it.
        eventually(() -> count("operations WHERE ended_at IS NULL") == 0);
    }

    protected static TestWorkflowEnvironment temporal() {
        return TestWorkflowEnvironment.newInstance(
                TestEnvironmentOptions.newBuilder().setUseTimeskipping(false).build());
    }

    /** Lets a worker carry out the operations that a server starts. */
    protected static void serve(TestWorkflowEnvironment temporal, ApiServer server) {
        SearchAttributes.all()
                .forEach(key ->
                        temporal.registerSearchAttribute(key.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
        var worker = temporal.newWorker(TaskQueues.CONTROL);
        worker.registerWorkflowImplementationTypes(
                ScriptedWorkflows.Create.class,
                ScriptedWorkflows.Start.class,
                ScriptedWorkflows.Stop.class,
                ScriptedWorkflows.Delete.class,
                ScriptedWorkflows.Log.class,
                ScriptedWorkflows.Follow.class);
        worker.registerActivitiesImplementations(new ScriptedStepsImpl(server));
        temporal.start();
    }

    private static Path payloadKey() {
        try {
            var file = Files.createTempFile("temporal", ".key");
            file.toFile().deleteOnExit();
            return Files.writeString(file, Base64.getEncoder().encodeToString(new byte[32]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    protected static WorkflowClient workflows() {
        return Shared.TEMPORAL.getWorkflowClient();
    }

    /** A host with room for anything. */
    protected void activeHost(String id, int gpus) {
        jdbc.sql("""
                        INSERT INTO hosts (id, name, ip_address, deployment_modes, status, total_cpu, total_memory)
                        VALUES (?, ?, '10.0.0.1', '{docker}', 'active', 64, 549755813888)""").params(id, id).update();
        for (int index = 0; index < gpus; index++) {
            jdbc.sql("INSERT INTO gpus (host_id, gpu_index, model, memory) VALUES (?, ?, 'NVIDIA H100', 85899345920)")
                    .params(id, index)
                    .update();
        }
    }

    protected long count(String from) {
        return jdbc.sql("SELECT count(*) FROM " + from).query(Long.class).single();
    }

    /** How many rows each table has, but for the logs of what was tried. */
    protected Map<String, Long> stored() {
        var counts = new TreeMap<String, Long>();
        jdbc.sql("""
                        SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'
                          AND table_type = 'BASE TABLE'
                          AND table_name NOT IN ('audit_log', 'holding_log', 'login_failures', 'flyway_schema_history')""").query(String.class).list().forEach(table -> counts.put(table, count(table)));
        return counts;
    }

    protected static void eventually(BooleanSupplier condition) {
        Waiting.until(condition);
    }
}
