package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server says, as recorded from Kubernetes 1.36, and what it means. */
class ApiErrorsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            401 | Unauthorized | PERMISSION_DENIED
            403 | pods is forbidden: User "system:serviceaccount:a:b" cannot create resource "pods" in API group "" in the namespace "a" | PERMISSION_DENIED
            403 | pods "remotegpu-1" is forbidden: exceeded quota: gpus, requested: requests.nvidia.com/gpu=2, used: requests.nvidia.com/gpu=7, limited: requests.nvidia.com/gpu=8 | PERMISSION_DENIED
            403 | pods "remotegpu-1" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true | PERMISSION_DENIED
            404 | namespaces "environments" not found | UNSUPPORTED
            404 | pods "remotegpu-1" not found | OUTCOME_UNKNOWN
            409 | Operation cannot be fulfilled on pods "remotegpu-1": the object has been modified | OUTCOME_UNKNOWN
            422 | Pod "remotegpu-1" is invalid: spec.hostname: Invalid value: "A_B": a lowercase RFC 1123 label must consist of | INVALID_SPEC
            422 | Service "remotegpu-1" is invalid: spec.ports[0].nodePort: Invalid value: 22001: provided port is not in the valid range. The range of valid ports is 30000-32767 | UNSUPPORTED
            400 | Pod in version "v1" cannot be handled as a Pod: quantities must match the regular expression | INVALID_SPEC
            429 | Too many requests, please try again later | ENGINE_UNAVAILABLE
            500 | etcdserver: request timed out | OUTCOME_UNKNOWN
            503 | the server is currently unable to handle the request | ENGINE_UNAVAILABLE
            504 | Timeout: request did not complete within requested timeout | OUTCOME_UNKNOWN
            """)
    void eachAnswerHasItsKind(int code, String message, ErrorKind kind) {
        DriverException explained = ApiErrors.explain("making pod remotegpu-1", answer(code, message));
        assertThat(explained.kind()).isEqualTo(kind);
        assertThat(explained).hasMessageStartingWith("making pod remotegpu-1: " + message);
    }

    @Test
    void aPortOfAnotherServiceIsNamed() {
        DriverException explained = ApiErrors.explain(
                "making service remotegpu-1",
                answer(
                        422,
                        "Service \"remotegpu-1\" is invalid: spec.ports[1].nodePort: Invalid value: 22002: provided port is already allocated"));
        assertThat(explained.kind()).isEqualTo(ErrorKind.PORT_TAKEN);
        assertThat(explained.port()).isEqualTo(22002);
    }

    @Test
    void aServerThatWasNotReachedDidNothing() {
        assertThat(unanswered(new ConnectException("Connection refused"))).isEqualTo(ErrorKind.ENGINE_UNAVAILABLE);
        assertThat(unanswered(new HttpConnectTimeoutException("connect timed out")))
                .isEqualTo(ErrorKind.ENGINE_UNAVAILABLE);
        assertThat(unanswered(new SSLHandshakeException("PKIX path building failed")))
                .isEqualTo(ErrorKind.ENGINE_UNAVAILABLE);
    }

    @Test
    void aServerThatFellSilentMayHaveDoneIt() {
        assertThat(unanswered(new HttpTimeoutException("request timed out"))).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(unanswered(new IOException("connection reset"))).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
    }

    @Test
    void whatIsExplainedAlreadyStaysSo() {
        var known = new DriverException(ErrorKind.CONFLICT, "not ours");
        assertThat(ApiErrors.explain("making a pod", known)).isSameAs(known);
    }

    private static ErrorKind unanswered(IOException cause) {
        return ApiErrors.explain("making a pod", new KubernetesClientException("An error has occurred.", cause))
                .kind();
    }

    private static KubernetesClientException answer(int code, String message) {
        Status status = new StatusBuilder().withCode(code).withMessage(message).build();
        return new KubernetesClientException("Failure executing: PATCH at: https://…", code, status);
    }
}
