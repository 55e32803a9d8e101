package io.remotegpu.temporal;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.remotegpu.temporal.TemporalSettings.Tls;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Tells a connection that TLS forbids, which will not get better by itself, from a Temporal that is away. */
final class TlsRefusal {

    /** What is wrong and which setting it is about; empty when TLS is not what is in the way. */
    static Optional<String> of(StatusRuntimeException failure, TemporalSettings settings) {
        if (failure.getStatus().getCode() != Status.Code.UNAVAILABLE
                && failure.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
            return Optional.empty();
        }
        var said = new StringBuilder();
        var isOfTls = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            isOfTls |= cause instanceof SSLException || cause instanceof CertificateException;
            said.append(cause.getMessage()).append('\n');
        }
        return isOfTls ? Optional.of(words(said.toString(), settings)) : Optional.empty();
    }

    private static String words(String said, TemporalSettings settings) {
        var text = said.toLowerCase(Locale.ROOT);
        var temporal = "Temporal on " + settings.address();
        if (!settings.tls().enabled()) {
            return temporal + " speaks TLS: set " + Tls.ENABLED;
        }
        if (text.contains("not an ssl/tls record")) {
            return temporal + " does not speak TLS: take " + Tls.ENABLED + " away, or name the port that does";
        }
        if (text.contains("no name matching") || text.contains("no subject alternative") || text.contains("hostname")) {
            return "the certificate of " + temporal + " is for another name (" + first(said, "name") + "): set "
                    + Tls.SERVER_NAME + " to one that is in it";
        }
        if (text.contains("alert")) {
            return temporal + " refuses our certificate (" + first(said, "alert") + "): "
                    + (settings.tls().certificate() == null
                            ? "it wants one, name it with " + Tls.CERTIFICATE + " and " + Tls.KEY
                            : "the one of " + Tls.CERTIFICATE
                                    + " has to be signed by an authority that it trusts, and be valid");
        }
        return "the certificate of " + temporal + " is not signed by an authority that we trust (" + first(said, "pki")
                + "): name the certificates of its authority with " + Tls.CA;
    }

    /** The line that has that word, for the person who looks further. */
    private static String first(String said, String word) {
        return said.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).contains(word))
                .findFirst()
                .orElseGet(() -> said.lines().findFirst().orElse(""))
                // the class of an exception within
                .replaceFirst("^([\\w$]+\\.)+[\\w$]+: ", "");
    }

    private TlsRefusal() {}
}
