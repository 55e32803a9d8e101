package io.remotegpu.drivers.docker;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What it means that no answer came: whether the engine was reached at all decides whether something was done. */
final class TransportErrors {

    private static final Pattern NOT_REACHED = Pattern.compile(
            "connection refused|no such file or directory|connect timed out|connect to .* failed|no route to host"
                    + "|network is unreachable|host is unreachable");
    private static final Pattern NOT_ALLOWED = Pattern.compile("permission denied");

    static DriverException explain(String doing, RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (NOT_ALLOWED.matcher(message).find()) {
                return new DriverException(
                        ErrorKind.PERMISSION_DENIED,
                        doing
                                + ": this process may not use the Docker engine's socket; add its user to the group 'docker'",
                        failure);
            }
            if (cause instanceof ConnectException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoSuchFileException
                    || NOT_REACHED.matcher(message).find()) {
                return new DriverException(
                        ErrorKind.ENGINE_UNAVAILABLE,
                        doing + ": the Docker engine cannot be reached (" + words(cause)
                                + "); is it running, and does DOCKER_HOST name it?",
                        failure);
            }
        }
        return new DriverException(
                ErrorKind.OUTCOME_UNKNOWN,
                doing + ": the Docker engine did not answer (" + words(root(failure)) + ")",
                failure);
    }

    private static String words(Throwable cause) {
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

    private TransportErrors() {}
}
