package io.remotegpu.activities.testing;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.grpc.StatusRuntimeException;
import io.remotegpu.workflows.SearchAttributes;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Temporal development server of the test's own, with its state in a file: for what the in-process one has not, as
 * are search attributes, list queries, schedules and resets.
 */
public final class TemporalServer implements AutoCloseable {

    public static final String NAMESPACE = "default";

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Path cli;
    private final Path folder;
    private final int port;
    private Process process;

    private TemporalServer(Path cli) throws IOException {
        this.cli = cli;
        this.folder = Files.createTempDirectory("temporal-test");
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        process = launch();
    }

    /** Starts one; aborts the test where there is no command line to start it with. */
    public static TemporalServer start() throws IOException {
        var cli = cli();
        if (cli.isEmpty()) {
            var missing = "no Temporal command line: put 'temporal' on the PATH, or set REMOTEGPU_TEMPORAL_CLI";
            if ("true".equals(System.getenv("CI")) || "all".equals(System.getenv("REMOTEGPU_TEST_REQUIRE"))) {
                fail(missing);
            }
            abort(missing);
        }
        return new TemporalServer(cli.orElseThrow());
    }

    public int port() {
        return port;
    }

    /** Where it listens. */
    public String target() {
        return "127.0.0.1:" + port;
    }

    /** For what concerns the whole server; the caller shuts it down. */
    public OperatorServiceStubs operator() {
        return OperatorServiceStubs.newServiceStubs(
                OperatorServiceStubsOptions.newBuilder().setTarget(target()).validateAndBuildWithDefaults());
    }

    /** For workflows and schedules; the caller shuts its connection down. */
    public WorkflowClient client() {
        return WorkflowClient.newInstance(WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(target()).build()));
    }

    /** Keeps a copy of its whole state, for {@link #restore}: it is away for that moment. */
    public void backUp() {
        replaceState(state(), folder.resolve("backup.db"));
    }

    /** It goes on from that copy, as if nothing had happened since. */
    public void restore() {
        replaceState(folder.resolve("backup.db"), state());
    }

    /** Makes it know what workflows can be searched by. */
    public void registerSearchAttributes() {
        var operator = operator();
        try {
            var add = AddSearchAttributesRequest.newBuilder().setNamespace(NAMESPACE);
            SearchAttributes.all()
                    .forEach(
                            key -> add.putSearchAttributes(key.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
            operator.blockingStub().addSearchAttributes(add.build());
        } finally {
            operator.shutdownNow();
        }
    }

    @Override
    public void close() {
        end();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void replaceState(Path from, Path to) {
        end();
        try (var files = Files.list(folder)) {
            // What SQLite keeps beside the file belongs to it.
            for (var file : files.map(path -> path.getFileName().toString()).toList()) {
                var name = from.getFileName().toString();
                if (file.startsWith(name)) {
                    var copy = to.getFileName() + file.substring(name.length());
                    Files.copy(folder.resolve(file), folder.resolve(copy), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            process = launch();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path state() {
        return folder.resolve("state.db");
    }

    private Process launch() throws IOException {
        var launched = new ProcessBuilder(
                        cli.toString(),
                        "server",
                        "start-dev",
                        "--headless",
                        "--port",
                        String.valueOf(port),
                        "--db-filename",
                        state().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log.txt").toFile())
                .start();
        awaitAnswers();
        return launched;
    }

    private void awaitAnswers() {
        var operator = operator();
        var service = client().getWorkflowServiceStubs();
        try {
            await().atMost(PATIENCE)
                    .ignoreException(StatusRuntimeException.class)
                    .until(() -> {
                        operator.blockingStub()
                                .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                                        .setNamespace(NAMESPACE)
                                        .build());
                        service.blockingStub()
                                .listWorkflowExecutions(ListWorkflowExecutionsRequest.newBuilder()
                                        .setNamespace(NAMESPACE)
                                        .build());
                        return true;
                    });
        } finally {
            operator.shutdownNow();
            service.shutdownNow();
        }
    }

    private void end() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** As set, on the path, or where the launcher keeps it. */
    private static Optional<Path> cli() throws IOException {
        var set = System.getenv("REMOTEGPU_TEMPORAL_CLI");
        if (set != null && !set.isEmpty()) {
            return Optional.of(Path.of(set));
        }
        var onPath = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "temporal"))
                .filter(Files::isExecutable)
                .findFirst();
        var cache = Path.of(System.getProperty("user.home"), ".cache", "remotegpu", "temporal");
        if (onPath.isPresent() || !Files.isDirectory(cache)) {
            return onPath;
        }
        try (var files = Files.walk(cache)) {
            return files.filter(
                            file -> file.getFileName().toString().startsWith("temporal") && Files.isRegularFile(file))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }
}
