package io.remotegpu.standalone;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The certificate that {@code up} serves, for {@code demo} and {@code doctor}: they call the server by its address, which is
 * seldom a name in the certificate, and it is often signed by nobody that Java knows. Whoever shows this one is the server;
 * everybody else is checked as usual.
 */
final class OwnCertificate extends X509ExtendedTrustManager {

    private static final String CERTIFICATE = "REMOTEGPU_TLS_CERTIFICATE";

    private final Certificate own;
    private final X509ExtendedTrustManager usual;

    private OwnCertificate(Certificate own, X509ExtendedTrustManager usual) {
        this.own = own;
        this.usual = usual;
    }

    /** The scheme of the API's URL. */
    static String scheme(Map<String, String> environment) {
        return isSet(environment) ? "https" : "http";
    }

    /** Makes every client of this process know it; does nothing without HTTPS. */
    static void trust(Map<String, String> environment) {
        if (!isSet(environment)) {
            return;
        }
        var file = Path.of(environment.get(CERTIFICATE));
        try (var in = Files.newInputStream(file)) {
            var own = CertificateFactory.getInstance("X.509").generateCertificate(in);
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new OwnCertificate(own, usual())}, null);
            SSLContext.setDefault(context);
        } catch (IOException | GeneralSecurityException e) {
            throw new StartupException(CERTIFICATE + " names " + file + ", which cannot be read: " + e.getMessage());
        }
    }

    private static boolean isSet(Map<String, String> environment) {
        return !environment.getOrDefault(CERTIFICATE, "").isBlank();
    }

    private static X509ExtendedTrustManager usual() throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("Java has no trust manager for X.509"));
    }

    private boolean isOwn(X509Certificate[] chain) {
        return List.of(chain).indexOf(own) == 0;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        if (!isOwn(chain)) {
            usual.checkServerTrusted(chain, type, socket);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        if (!isOwn(chain)) {
            usual.checkServerTrusted(chain, type, engine);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        if (!isOwn(chain)) {
            usual.checkServerTrusted(chain, type);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        usual.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        usual.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        usual.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return usual.getAcceptedIssuers();
    }
}
