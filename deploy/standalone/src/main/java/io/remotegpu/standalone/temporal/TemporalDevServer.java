package io.remotegpu.standalone.temporal;

import io.grpc.StatusRuntimeException;
import io.remotegpu.standalone.Console;
import io.remotegpu.standalone.child.KeptAlive;
import io.remotegpu.standalone.child.Lifeline;
import io.remotegpu.standalone.child.Ports;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** {@code temporal server start-dev} as our child: one process with server and UI, its state in one SQLite file. */
public final class TemporalDevServer implements AutoCloseable {

    static final int PORT = 7233;
    static final int UI_PORT = 8233;
    private static final String NAMESPACE = "default";

    /** The dev server's own limits are for demonstrations: without these, 64 workflows at once wait for seconds. */
    static final Map<String, String> DYNAMIC_CONFIGURATION = new TreeMap<>(Map.of(
            "history.transferProcessorMaxPollRPS", "2000",
            "history.timerProcessorMaxPollRPS", "2000",
            "history.visibilityProcessorMaxPollRPS", "2000",
            "matching.numTaskqueueReadPartitions", "1",
            "matching.numTaskqueueWritePartitions", "1"));

    /**
     * A write-ahead log: a commit writes its pages once and waits for the disk once, where the default, a rollback
     * journal, does so several times. As safe: FULL waits for the disk at every commit.
     */
    static final List<String> SQLITE = List.of("journal_mode=WAL", "synchronous=FULL");

    private final KeptAlive server;
    private final int port;
    private final int uiPort;

    private TemporalDevServer(KeptAlive server, int port, int uiPort) {
        this.server = server;
        this.port = port;
        this.uiPort = uiPort;
    }

    /**
     * Prepares the folder; {@link #start()} starts the server.
     *
     * @param cli the {@code temporal} command
     * @param folder where its state is kept, and the ports it was given
     * @param logs the folder of log files
     */
    public static TemporalDevServer in(Path cli, Path folder, Path logs, Console console) throws IOException {
        Files.createDirectories(folder);
        int port = port(folder.resolve("port"), PORT, "server", console);
        int uiPort = port(folder.resolve("ui-port"), UI_PORT, "UI", console);
        var process = new StartDev(cli, folder.resolve("temporal.db").toAbsolutePath(), port, uiPort);
        var kept = new KeptAlive("Temporal", process, logs.resolve("temporal.log"), console);
        return new TemporalDevServer(kept, port, uiPort);
    }

    private static int port(Path file, int preferred, String what, Console console) throws IOException {
        int port = Ports.keep(file, preferred);
        if (port != preferred) {
            console.say(
                    "Temporal",
                    "its " + what + " is on port " + port + ", because " + preferred + " is, or was, taken");
        }
        return port;
    }

    /** Returns when the namespace that we use can be asked for. */
    public void start() throws InterruptedException {
        server.start();
    }

    /** Host and port, as Temporal's clients want it. */
    public String target() {
        return "127.0.0.1:" + port;
    }

    public String uiUrl() {
        return "http://127.0.0.1:" + uiPort;
    }

    /** Where its UI's pages may come from, by either name of this machine. */
    public List<String> uiOrigins() {
        return List.of(uiUrl(), "http://localhost:" + uiPort);
    }

    @Override
    public void close() {
        server.close();
    }

    record StartDev(Path cli, Path file, int port, int uiPort) implements KeptAlive.Server {

        @Override
        public void prepare() {
            // SQLite recovers by itself.
        }

        @Override
        public Lifeline.Command command() {
            var line = new ArrayList<>(List.of(
                    cli.toString(),
                    "server",
                    "start-dev",
                    "--db-filename",
                    file.toString(),
                    "--ip",
                    "127.0.0.1",
                    "--port",
                    Integer.toString(port),
                    "--ui-ip",
                    "127.0.0.1",
                    "--ui-port",
                    Integer.toString(uiPort),
                    "--namespace",
                    NAMESPACE,
                    "--log-level",
                    "warn",
                    "--ui-disable-news-fetch"));
            SQLITE.forEach(pragma -> {
                line.add("--sqlite-pragma");
                line.add(pragma);
            });
            DYNAMIC_CONFIGURATION.forEach((key, value) -> {
                line.add("--dynamic-config-value");
                line.add(key + "=" + value);
            });
            return Lifeline.Command.of(line, "TERM", Duration.ofSeconds(10));
        }

        @Override
        public boolean answers() {
            // A connection first: the client library logs a warning for each refused one.
            return Ports.accepts(port) && Ports.accepts(uiPort) && namespaceExists();
        }

        private boolean namespaceExists() {
            var stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                    .setTarget("127.0.0.1:" + port)
                    .setRpcTimeout(Duration.ofSeconds(2))
                    .build());
            try {
                stubs.blockingStub()
                        .withDeadlineAfter(2, TimeUnit.SECONDS)
                        .describeNamespace(DescribeNamespaceRequest.newBuilder()
                                .setNamespace(NAMESPACE)
                                .build());
                return true;
            } catch (StatusRuntimeException e) {
                return false;
            } finally {
                stubs.shutdownNow();
            }
        }

        @Override
        public Duration patience() {
            return Duration.ofMinutes(1);
        }
    }
}
