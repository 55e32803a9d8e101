package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.temporal.testing.Authority;
import io.remotegpu.temporal.testing.TlsFront;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The same jar as several processes. */
class PartsIT {

    private static final String HOST = "apart";
    private static final String NAME = "what-temporal-does-not-see";
    private static final String REASON = "said by an operator alone";
    private static final String TEMPORAL = "temporal.example";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    @AfterEach
    void nothingStays() throws Exception {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }

    /** Its agent sees Temporal in TLS only, and shows a certificate of its own. */
    @Test
    void servicesAnApiAWorkerAndAnAgentAreOneRemoteGpu() throws Exception {
        var traces = new TraceReceiver();
        running.push(traces);
        var key = Files.writeString(
                folder.resolve("temporal.key"), Base64.getEncoder().encodeToString(new byte[32]));
        var common = Map.of(
                "REMOTEGPU_TRACING_ENABLED",
                "true",
                "REMOTEGPU_TRACING_ENDPOINT",
                traces.endpoint(),
                "REMOTEGPU_TEMPORAL_ENCRYPTION_ENABLED",
                "true",
                "REMOTEGPU_TEMPORAL_ENCRYPTION_KEYFILE",
                key.toString());
        var services = part("services", Map.of());
        var shared = new HashMap<>(common);
        shared.put("REMOTEGPU_IDLE_EVERY", "2s");
        shared.putAll(Map.of(
                "TEMPORAL_ADDRESS",
                services.temporal(),
                "REMOTEGPU_DATABASE_URL",
                services.databaseUrl(),
                "REMOTEGPU_INSTALLATION_KEY",
                Base64.getEncoder().encodeToString(new byte[32])));
        var api = part("api", shared);
        part("worker", shared);
        var admin = api.api().register("admin");
        String token = admin.post("/hosts", """
                {"id":"%s","name":"not there","ip_address":"127.0.0.1"}""".formatted(HOST)).expect(201).text("token");
        var authority = new Authority(folder.resolve("certificates"));
        authority.sign(TEMPORAL);
        authority.sign(HOST);
        var temporal = new TlsFront(authority.server(TEMPORAL), port(services.temporal()));
        running.push(temporal);
        var agent = List.of(
                "--server",
                api.url(),
                "--temporal",
                temporal.target(),
                "--host-id",
                HOST,
                "--token",
                token,
                "--simulate",
                "4");
        var settings = new HashMap<>(common);
        settings.putAll(Map.of(
                "REMOTEGPU_TEMPORAL_TLS_ENABLED",
                "true",
                "REMOTEGPU_TEMPORAL_TLS_CA",
                authority.certificate().toString(),
                "REMOTEGPU_TEMPORAL_TLS_SERVERNAME",
                TEMPORAL));
        agent(settings, agent).awaitSaying("refuses our certificate").interrupt();
        settings.putAll(Map.of(
                "REMOTEGPU_TEMPORAL_TLS_CERTIFICATE",
                authority.certificate(HOST).toString(),
                "REMOTEGPU_TEMPORAL_TLS_KEY",
                authority.key(HOST).toString()));
        agent(settings, agent).awaitServing();

        var environment = UserEnvironment.running(admin, UserEnvironment.request(NAME, "ide", "simulated", 2));

        assertThat(environment.look().path("host_id").asString("")).isEqualTo(HOST);
        assertThat(environment.gpuIndexes()).hasSize(2);
        assertWatchedAtTheApiAlone(admin);
        assertOneTrace(
                traces, "POST /api/v1/environments", "RunWorkflow:CreateEnvironment", "RunActivity:Engine_Deploy");
        assertReadableByTheCodecAlone(services.temporal(), api.url(), admin, environment);
        assertThat(environment.operate("stop").path("status").asString("")).isEqualTo("stopped");
        environment.delete();
        assertThat(services.rows().heldBy(environment.id())).isEmpty();
        assertThat(services.rows().violations()).isEmpty();
    }

    /** The other parts serve no HTTP. */
    private static void assertWatchedAtTheApiAlone(Api admin) {
        var wanted = Monitoring.metrics().stream()
                .filter(name -> name.startsWith("remotegpu_"))
                .toList();
        assertThat(wanted).contains("remotegpu_reconciler_open");
        // How a GPU is used is there after the first look.
        Eventually.value(
                "all of " + wanted + " are exported",
                () -> wanted.stream().filter(name -> !admin.exports(name)).toList(),
                List::isEmpty);
    }

    /** On Temporal's command line, and by the address that its UI is given. */
    private static void assertReadableByTheCodecAlone(
            String temporal, String api, Api admin, UserEnvironment environment) {
        String token = admin.post("/users/me/tokens", """
                {"name":"cli","scopes":["read","admin"]}""").expect(201).text("token");
        String[] show = {"workflow", "show", "--output", "json", "--workflow-id", "environment-" + environment.id()};
        var codec = List.of("--codec-endpoint", api + "/api/v1/codec", "--codec-auth", "Bearer " + token);

        assertThat(shown(temporal, show)).isNotEmpty().doesNotContain(NAME);
        assertThat(shown(temporal, with(show, codec))).contains(NAME);
        var link = admin.post("/codec/links", "").expect(201).text("url");
        assertThat(shown(temporal, with(show, List.of("--codec-endpoint", link))))
                .contains(NAME);

        // What an operator sends from there is encrypted, too.
        admin.post("/quotas", """
                {"user_id":1,"cpu":64,"memory":"64Gi","gpu":8,"storage":"1Ti","environment_quota":9}""").expect(201);
        var waiting = UserEnvironment.admitted(
                admin, UserEnvironment.request("waits", "ide", "simulated", 4).replace("}", ",\"wait\":true}"));
        String[] abort = {
            "workflow",
            "update",
            "execute",
            "--workflow-id",
            "environment-" + waiting.id(),
            "--name",
            "abort",
            "--input",
            "{\"by\":\"olga\",\"reason\":\"" + REASON + "\"}"
        };
        assertThat(Workflows.cli(temporal, with(abort, codec))).contains("it is given up");
        show[show.length - 1] = "environment-" + waiting.id();
        assertThat(shown(temporal, show)).isNotEmpty().doesNotContain(REASON);
        assertThat(shown(temporal, with(show, codec))).contains(REASON);
        waiting.await("failed");
        waiting.delete();
    }

    /** The history's payloads, which its JSON has in Base64. */
    private static String shown(String temporal, String... words) {
        return Pattern.compile("\"data\": \"([^\"]+)\"")
                .matcher(Workflows.cli(temporal, words))
                .results()
                .map(data -> new String(Base64.getDecoder().decode(data.group(1)), StandardCharsets.UTF_8))
                .collect(Collectors.joining("\n"));
    }

    private static String[] with(String[] words, List<String> more) {
        return Stream.concat(Stream.of(words), more.stream()).toArray(String[]::new);
    }

    /** From the request to what the agent did for it. */
    private static void assertOneTrace(TraceReceiver traces, String request, String workflow, String step) {
        var seen = Eventually.value(
                "a trace from " + request + " to " + step,
                () -> traces.spans().stream()
                        .filter(span -> span.name().equals(request))
                        .flatMap(first -> traces.spans().stream()
                                .filter(span -> span.trace().equals(first.trace())))
                        .toList(),
                spans -> spans.stream().map(TraceReceiver.Span::name).toList().containsAll(List.of(workflow, step)));
        assertThat(seen).filteredOn(span -> span.name().equals(request)).hasSize(1);
        assertThat(seen)
                .filteredOn(span -> span.name().equals(step))
                .extracting(TraceReceiver.Span::service)
                .contains("remotegpu-agent");
    }

    @Test
    void aWorkerThatIsNotToldWhomItWorksForSaysWhatItWants() {
        assertThatThrownBy(() -> part("worker", Map.of()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("--only worker wants REMOTEGPU_DATABASE_URL");
    }

    private AgentProcess agent(Map<String, String> settings, List<String> arguments) {
        var agent = new AgentProcess(folder.resolve("agent"), settings, arguments);
        running.push(agent);
        return agent.start();
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private Server part(String part, Map<String, String> settings) {
        var server =
                new Server(folder.resolve(part), "unix://" + folder.resolve("nothing.sock"), settings, "--only", part);
        running.push(server);
        return server.start();
    }
}
