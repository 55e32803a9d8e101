package io.remotegpu.drivers.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages as engines sent them. */
class EngineErrorsTest {

    private static final List<PortBinding> PORTS = List.of(
            new PortBinding(Service.SSH, "127.0.0.1", 22001), new PortBinding(Service.JUPYTER, "127.0.0.1", 22002));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            500 | driver failed programming external connectivity on endpoint rgx3 (b627d317f81d): Error starting userland proxy: listen tcp4 127.0.0.1:39999: bind: address already in use | 39999
            500 | driver failed programming external connectivity on endpoint rgx4 (f20b18220408): Bind for 127.0.0.1:39999 failed: port is already allocated | 39999
            500 | driver failed programming external connectivity on endpoint x (0a): Error starting userland proxy: listen tcp6 [::1]:22001: bind: address already in use | 22001
            500 | driver failed programming external connectivity on endpoint x (0a): Bind for :::8080 failed: port is already allocated | 8080
            500 | failed to set up container networking: driver failed programming external connectivity on endpoint x (0a): failed to bind host port for 0.0.0.0:22002:172.17.0.2:8888/tcp: address already in use | 22002
            500 | failed to set up container networking: driver failed programming external connectivity on endpoint x (0a): failed to bind host port 127.0.0.1:22002/tcp: address already in use | 22002
            500 | words of an engine to come: address already in use (127.0.0.1:22002) | 22002
            500 | words of an engine to come: address already in use | 0
            """)
    void aTakenPortIsNamed(int status, String message, int port) {
        DriverException explained = EngineErrors.explain("starting x", answer(status, message), PORTS);
        assertThat(explained.kind()).isEqualTo(ErrorKind.PORT_TAKEN);
        assertThat(explained.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            404 | No such image: nope/none:1 | IMAGE_NOT_FOUND
            400 | invalid reference format | INVALID_SPEC
            400 | Minimum memory limit allowed is 6MB | INVALID_SPEC
            400 | some field is wrong | INVALID_SPEC
            400 | failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "tini": executable file not found in $PATH: unknown | INVALID_SPEC
            400 | failed to create task for container: OCI runtime create failed: runc create failed: unable to start container process: exec: "/x": permission denied: unknown | INVALID_SPEC
            404 | Could not find the file /run/remotegpu in container 0a1b | INVALID_SPEC
            400 | Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available | NO_CAPACITY
            500 | CDI device injection failed: unresolvable CDI devices remotegpu.test/gpu=9 | NO_CAPACITY
            500 | failed to create task for container: OCI runtime create failed: nvidia-container-cli: device error: GPU-1: unknown device: unknown | NO_CAPACITY
            500 | write /var/lib/docker/tmp/x: no space left on device | NO_CAPACITY
            500 | no available IPv4 addresses on this network's address pools: remotegpu (0a) | NO_CAPACITY
            500 | could not select device driver "nvidia" with capabilities: [[gpu]] | UNSUPPORTED
            500 | driver failed programming external connectivity on endpoint x (0a): Error starting userland proxy: listen tcp4 9.9.9.9:39998: bind: cannot assign requested address | UNSUPPORTED
            403 | authorization denied by plugin x | PERMISSION_DENIED
            409 | Conflict. The container name "/x" is already in use by container "0a". | CONFLICT
            409 | remove x: volume is in use - [0a] | CONFLICT
            409 | removal of container x is already in progress | OUTCOME_UNKNOWN
            404 | No such container: x | OUTCOME_UNKNOWN
            500 | containerd: something odd | OUTCOME_UNKNOWN
            503 | the daemon is shutting down | ENGINE_UNAVAILABLE
            """)
    void anAnswerMeans(int status, String message, ErrorKind kind) {
        DriverException explained = EngineErrors.explain("doing x", answer(status, message), List.of());
        assertThat(explained.kind()).isEqualTo(kind);
        assertThat(explained).hasMessageStartingWith("doing x: " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            404 | manifest for reg:5000/x:1 not found: manifest unknown: manifest unknown | IMAGE_NOT_FOUND
            404 | pull access denied for nope/none, repository does not exist or may require 'docker login': denied: requested access to the resource is denied | PERMISSION_DENIED
            500 | Head "https://reg/v2/x/manifests/1": unauthorized: authentication required | PERMISSION_DENIED
            500 | unauthorized | PERMISSION_DENIED
            500 | manifest unknown | IMAGE_NOT_FOUND
            500 | toomanyrequests: You have reached your pull rate limit. | PERMISSION_DENIED
            500 | Get "https://registry.example/v2/": dial tcp: lookup registry.example on 192.0.2.53:53: no such host | IMAGE_NOT_FOUND
            500 | Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused | IMAGE_NOT_FOUND
            500 | Get "https://reg/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers) | IMAGE_NOT_FOUND
            500 | Get "https://reg/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority | IMAGE_NOT_FOUND
            500 | failed to register layer: write /usr/lib/x: no space left on device | NO_CAPACITY
            400 | invalid reference format | INVALID_SPEC
            """)
    void aFailedPullMeans(int status, String message, ErrorKind kind) {
        DriverException explained = EngineErrors.explainPull("reg/x:1", answer(status, message));
        assertThat(explained.kind()).isEqualTo(kind);
        assertThat(explained).hasMessageContaining("reg/x:1").hasMessageContaining(message);
    }

    @Test
    void anUnreachableRegistryIsCalledThat() {
        assertThat(EngineErrors.explainPull("x:1", answer(500, "Get \"https://r/v2/\": dial tcp: i/o timeout")))
                .hasMessageContaining("its registry cannot be reached")
                .hasMessageContaining("build or load it on the host");
    }

    @Test
    void anEngineThatWasNotReachedDidNothing() {
        for (IOException cause : List.of(
                new SocketException("No such file or directory"),
                new ConnectException("Connection refused"),
                new UnknownHostException("engine.example: Name or service not known"))) {
            DriverException explained = EngineErrors.explain("listing", new RuntimeException(cause), List.of());
            assertThat(explained.kind()).isEqualTo(ErrorKind.ENGINE_UNAVAILABLE);
            assertThat(explained).hasMessageContaining(cause.getMessage()).hasMessageContaining("DOCKER_HOST");
        }
    }

    @Test
    void anEngineThatFellSilentMayHaveDoneIt() {
        for (IOException cause : List.of(
                new SocketTimeoutException("Read timed out"),
                new SocketException("Connection reset"),
                new IOException("127.0.0.1:33129 failed to respond"))) {
            assertThat(EngineErrors.explain("starting", new RuntimeException(cause), List.of())
                            .kind())
                    .isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        }
    }

    @Test
    void aSocketThatIsNotOursToUseIsRefused() {
        var failure = new RuntimeException(new SocketException("Permission denied"));
        assertThat(EngineErrors.explain("listing", failure, List.of()))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.PERMISSION_DENIED))
                .hasMessageContaining("group 'docker'");
    }

    @Test
    void whatWasExplainedAlreadyStaysAsItIs() {
        var known = new DriverException(ErrorKind.CONFLICT, "foreign container");
        assertThat(EngineErrors.explain("creating", known, PORTS)).isSameAs(known);
    }

    /** Wrapped as the client library does it. */
    private static DockerException answer(int status, String message) {
        String body = "Status " + status + ": {\"message\":\"" + message.replace("\"", "\\\"") + "\"}\n";
        return switch (status) {
            case 400 -> new BadRequestException(body);
            case 404 -> new NotFoundException(body);
            case 409 -> new ConflictException(body);
            case 500 -> new InternalServerErrorException(body);
            default -> new DockerException(body, status);
        };
    }
}
