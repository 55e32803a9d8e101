package io.remotegpu.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerClientTest {

    private static final UUID SESSION = UUID.randomUUID();
    private static final UUID ENVIRONMENT = UUID.randomUUID();

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private ServerClient client;
    private int status = 200;
    private String type = "application/json";
    private String body = "{}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + exchange.getRequestHeaders().getFirst("Agent-Session") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("Location", "http://elsewhere.invalid/");
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, status == 204 ? -1 : answer.length);
            exchange.getResponseBody().write(status == 204 ? new byte[0] : answer);
            exchange.close();
        });
        server.start();
        client = new ServerClient(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "host-1", "rgph_t", SESSION);
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void aHostIsTakenWithTokenAndSession() throws Exception {
        body = """
                {"host_id":"host-1","installation":"ab12","ip_address":"10.0.0.1","listen_address":"0.0.0.0"}""";

        assertThat(client.take()).isEqualTo(new Place("ab12", "10.0.0.1", "0.0.0.0"));
        assertThat(seen)
                .containsExactly("POST /api/v1/hosts/host-1/agent Bearer rgph_t " + SESSION + " {\"session\":\""
                        + SESSION + "\"}");
    }

    @Test
    void credentialsAndLogsGoByTheServer() {
        var store = new ServerStore(client);
        body = """
                {"authorized_keys":["ssh-ed25519 AAAA"],"jupyter_token":null,"password":"secret12"}""";

        var credentials = store.credentials(ENVIRONMENT);
        status = 204;
        store.keep(ENVIRONMENT, List.of("one", "two"));

        assertThat(credentials.authorizedKeys()).containsExactly("ssh-ed25519 AAAA");
        assertThat(credentials.jupyterToken()).isNull();
        assertThat(credentials.password()).isEqualTo("secret12");
        assertThat(seen.getLast())
                .startsWith("PUT /api/v1/hosts/host-1/environments/" + ENVIRONMENT + "/log")
                .endsWith("{\"lines\":[\"one\",\"two\"]}");
    }

    @Test
    void whoHoldsGpusIsAskedOfTheServerAndErrorsAreToldIt() {
        var store = new ServerStore(client);
        body = """
                {"uuids":["GPU-1","GPU-2"]}""";

        assertThat(store.heldBy("host-1", ENVIRONMENT)).containsExactly("GPU-1", "GPU-2");
        status = 204;
        store.putInError("host-1", Map.of("GPU-1", "a\nprocess is left"));

        assertThat(seen.getLast())
                .startsWith("POST /api/v1/hosts/host-1/gpu-errors")
                .contains("\"uuid\":\"GPU-1\"", "\"error\":\"a process is left\"");
    }

    @ParameterizedTest
    @CsvSource({"404,CONFLICT", "409,ENGINE_UNAVAILABLE", "401,ENGINE_UNAVAILABLE", "503,ENGINE_UNAVAILABLE"})
    void aStepThatGetsNoCredentialsFailsAsItsKindSays(int answer, ErrorKind kind) {
        problem(answer, "no");

        var failure =
                catchThrowableOfType(DriverException.class, () -> new ServerStore(client).credentials(ENVIRONMENT));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining(ENVIRONMENT.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "401,renew_token",
        "403,--host-id and --token have to belong together",
        "404,has no host 'host-1'",
        "409,the very words of the server"
    })
    void aRefusalSaysWhatToDo(int answer, String word) {
        problem(answer, "the very words of the server");

        var refusal = catchThrowableOfType(RefusedException.class, () -> client.take());

        assertThat(refusal.forAgentOf("host-1")).hasMessageContaining(word);
    }

    @Test
    void whatIsNotRemoteGpuIsSaidToBeSo() {
        type = "text/html";
        body = "<html>";

        assertThatThrownBy(() -> client.take())
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("not RemoteGPU");
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 429, 500, 503})
    void whatMayPassIsNoRefusalAndRedirectsAreNotFollowed(int answer) {
        problem(answer, "later");

        assertThatThrownBy(() -> client.take()).isInstanceOf(IOException.class).hasMessageContaining("" + answer);
        assertThat(seen).hasSize(1);
    }

    @Test
    void aServerThatIsAwayIsNoRefusal() {
        server.stop(0);

        assertThatThrownBy(() -> client.take()).isInstanceOf(IOException.class).hasMessageContaining("no connection");
    }

    private void problem(int answer, String detail) {
        status = answer;
        type = "application/problem+json";
        body = "{\"status\":" + answer + ",\"detail\":\"" + detail + "\"}";
    }
}
