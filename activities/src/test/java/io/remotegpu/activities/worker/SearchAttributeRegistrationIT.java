package io.remotegpu.activities.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.grpc.StatusRuntimeException;
import io.remotegpu.workflows.SearchAttributes;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.common.SearchAttributeKey;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a real Temporal development server, because the in-process one keeps no search attributes. */
class SearchAttributeRegistrationIT {

    private static final String NAMESPACE = "default";

    private static Process server;
    private static OperatorServiceStubs operator;

    @BeforeAll
    static void startServer() throws IOException {
        var cli = cli();
        if (cli.isEmpty()) {
            withoutServer();
            return;
        }
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        server = new ProcessBuilder(
                        cli.get().toString(), "server", "start-dev", "--headless", "--port", String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        operator = OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                .setTarget("127.0.0.1:" + port)
                .validateAndBuildWithDefaults());
        await().atMost(Duration.ofSeconds(60))
                .ignoreException(StatusRuntimeException.class)
                .until(() -> present() >= 0);
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        if (operator != null) {
            operator.shutdownNow();
        }
        if (server != null) {
            server.destroy();
            if (!server.waitFor(10, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        }
    }

    @Test
    void whatIsMissingIsRegisteredAsKeywordsAndDoingItAgainIsSuccess() {
        assertThat(present()).isZero();

        SearchAttributeRegistration.register(operator, NAMESPACE);
        SearchAttributeRegistration.register(operator, NAMESPACE);

        assertThat(present()).isEqualTo(SearchAttributes.all().size());
    }

    private static long present() {
        var attributes = operator.blockingStub()
                .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                        .setNamespace(NAMESPACE)
                        .build())
                .getCustomAttributesMap();
        return SearchAttributes.all().stream()
                .map(SearchAttributeKey::getName)
                .filter(name -> attributes.get(name) == IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD)
                .count();
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

    private static void withoutServer() {
        var missing = "no Temporal command line: put 'temporal' on the PATH, or set REMOTEGPU_TEMPORAL_CLI";
        if ("true".equals(System.getenv("CI")) || "all".equals(System.getenv("REMOTEGPU_TEST_REQUIRE"))) {
            fail(missing);
        }
        abort(missing);
    }
}
