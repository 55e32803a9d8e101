package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a failure of the API server means: its status code decides, its words only where one code means several things. */
final class ApiErrors {

    /** "spec.ports[0].nodePort: Invalid value: 31234: provided port is already allocated" */
    private static final Pattern PORT_TAKEN =
            Pattern.compile("Invalid value: (\\d{1,5}): provided port is already allocated");

    private static final Pattern PORT_OUT_OF_RANGE =
            Pattern.compile("Invalid value: (\\d{1,5}): provided port is not in the valid range");
    private static final Pattern NO_NAMESPACE = Pattern.compile("namespaces \"[^\"]*\" not found");
    private static final Pattern QUOTA = Pattern.compile("exceeded quota|is forbidden: (maximum|minimum) .* usage per");

    /**
     * What it means that the API server failed while doing that.
     *
     * @param doing names the thing, as the start of a sentence, for example {@code "making service remotegpu-…"}
     */
    static DriverException explain(String doing, RuntimeException failure) {
        if (failure instanceof DriverException explained) {
            return explained;
        }
        if (!(failure instanceof KubernetesClientException answered) || answered.getCode() <= 0) {
            return unanswered(doing, failure);
        }
        String words = words(answered);
        Matcher taken = PORT_TAKEN.matcher(words);
        if (taken.find()) {
            int port = Integer.parseInt(taken.group(1));
            return DriverException.portTaken(
                    port, doing + ": node port " + port + " is held by another service of the cluster", failure);
        }
        return new DriverException(
                kind(answered.getCode(), words), doing + ": " + words + remedy(answered.getCode(), words), failure);
    }

    private static ErrorKind kind(int code, String words) {
        return switch (code) {
            case 401, 403 -> ErrorKind.PERMISSION_DENIED;
            // What we were working on has gone, or changed in between: the same call finds out.
            case 404 -> NO_NAMESPACE.matcher(words).find() ? ErrorKind.UNSUPPORTED : ErrorKind.OUTCOME_UNKNOWN;
            case 408, 409, 410 -> ErrorKind.OUTCOME_UNKNOWN;
            case 422 -> PORT_OUT_OF_RANGE.matcher(words).find() ? ErrorKind.UNSUPPORTED : ErrorKind.INVALID_SPEC;
            case 429, 502, 503 -> ErrorKind.ENGINE_UNAVAILABLE;
            default -> code >= 400 && code < 500 ? ErrorKind.INVALID_SPEC : ErrorKind.OUTCOME_UNKNOWN;
        };
    }

    private static String remedy(int code, String words) {
        if (code == 401) {
            return "; the cluster does not know our credentials: renew the kubeconfig or the service account's token";
        }
        if (QUOTA.matcher(words).find()) {
            return "; raise the namespace's quota or limits";
        }
        if (code == 403) {
            return "; deploy/kubernetes/role.yaml has what we must be allowed";
        }
        if (NO_NAMESPACE.matcher(words).find()) {
            return "; make the namespace, see deploy/kubernetes";
        }
        return PORT_OUT_OF_RANGE.matcher(words).find() ? "; give the host a port range within that of the cluster" : "";
    }

    private static DriverException unanswered(String doing, RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof UnknownHostException
                    || cause instanceof HttpConnectTimeoutException
                    || cause instanceof SSLException) {
                return new DriverException(
                        ErrorKind.ENGINE_UNAVAILABLE,
                        doing + ": the Kubernetes API server cannot be reached (" + message(cause)
                                + "); is it running, and does the kubeconfig name it?",
                        failure);
            }
        }
        return new DriverException(
                ErrorKind.OUTCOME_UNKNOWN,
                doing + ": the Kubernetes API server did not answer (" + message(root(failure)) + ")",
                failure);
    }

    /** The server's own words, without the client's wrapping. */
    static String words(KubernetesClientException failure) {
        var status = failure.getStatus();
        String message = status == null ? null : status.getMessage();
        return message == null || message.isBlank() ? message(failure) : message.strip();
    }

    private static String message(Throwable cause) {
        @Nullable String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message.strip();
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root;
    }

    private ApiErrors() {}
}
