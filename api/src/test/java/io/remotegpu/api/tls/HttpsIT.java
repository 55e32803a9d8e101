package io.remotegpu.api.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.api.testing.ApiServer;
import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.db.testing.TestDatabase;
import io.remotegpu.temporal.testing.Authority;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsIT extends ApiTest {

    @Test
    void aCertificateThatIsReplacedIsServedWithoutARestart(@TempDir Path folder) throws Exception {
        certificate(folder, "first");
        try (var server = ApiServer.start(
                TestDatabase.create(),
                workflows(),
                "remotegpu.tls.certificate=" + folder.resolve("tls.crt"),
                "remotegpu.tls.key=" + folder.resolve("tls.key"),
                "remotegpu.web.head-timeout=2s",
                "spring.ssl.bundle.watch.file.quiet-period=200ms")) {
            assertThat(servedBy(server)).isEqualTo("CN=first");
            assertThat(health(server))
                    .startsWith("HTTP/1.1 200")
                    .contains("Strict-Transport-Security: max-age=31536000\r\n");

            certificate(folder, "second");
            eventually(() -> servedBy(server).equals("CN=second"));
            // And again: the first reload must not be the last. What is no certificate changes nothing.
            Authority.replace(folder.resolve("tls.crt"), "not a certificate");
            assertThat(servedBy(server)).isEqualTo("CN=second");
            certificate(folder, "third");
            eventually(() -> servedBy(server).equals("CN=third"));

            assertThatThrownBy(() -> handshake(server, "TLSv1.1")).isInstanceOf(IOException.class);
            assertThat(plainly(server)).doesNotContain("HTTP/1.1 200");
        }
    }

    @Test
    void whoeverDoesNotFinishTheHandshakeIsHungUpOn(@TempDir Path folder) throws Exception {
        certificate(folder, "first");
        try (var server = ApiServer.start(
                        TestDatabase.create(),
                        workflows(),
                        "remotegpu.tls.certificate=" + folder.resolve("tls.crt"),
                        "remotegpu.tls.key=" + folder.resolve("tls.key"),
                        "remotegpu.web.head-timeout=1s");
                var silent = new Socket("127.0.0.1", server.port())) {
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(servedBy(server)).isEqualTo("CN=first");
        }
    }

    @Test
    void aCertificateWithoutAKeyIsRefusedAtTheStart(@TempDir Path folder) throws Exception {
        certificate(folder, "first");
        assertThatThrownBy(() -> ApiServer.start(
                        TestDatabase.create(), workflows(), "remotegpu.tls.certificate=" + folder.resolve("tls.crt")))
                .hasStackTraceContaining("HTTPS needs both")
                .hasStackTraceContaining("only remotegpu.tls.certificate is set");
    }

    private static void certificate(Path folder, String name) throws Exception {
        var authority = new Authority(folder.resolve("of-" + name));
        authority.sign(name);
        authority.give(name, folder.resolve("tls.crt"), folder.resolve("tls.key"));
    }

    private static String servedBy(ApiServer server) {
        try (var socket = handshake(server, "TLSv1.3")) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLHandshakeException e) {
            return String.valueOf(e.getMessage());
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String health(ApiServer server) throws Exception {
        try (var socket = handshake(server, "TLSv1.2")) {
            socket.getOutputStream()
                    .write("GET /actuator/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String plainly(ApiServer server) throws IOException {
        try (var socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write("GET /actuator/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static SSLSocket handshake(ApiServer server, String protocol) throws IOException, GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
        socket.setEnabledProtocols(new String[] {protocol});
        socket.startHandshake();
        return socket;
    }

    /** Which certificate it is, is looked at by the test. */
    private static final class Anybody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
