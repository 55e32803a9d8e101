package io.remotegpu.temporal;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import io.remotegpu.temporal.TemporalSettings.Tls;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;

/** TLS as the settings say. Files that are replaced are taken up for the next connection, without a restart. */
final class TlsContext {

    /** @throws TemporalSettingException when a file is missing, or is not what it should be */
    static SslContext of(Tls settings) {
        try {
            var context = GrpcSslContexts.forClient();
            Path certificate = settings.certificate();
            Path key = settings.key();
            if (certificate != null && key != null) {
                context.keyManager(own(file(Tls.CERTIFICATE, certificate), file(Tls.KEY, key)));
            }
            Path ca = settings.ca();
            if (ca != null) {
                context.trustManager(trusted(file(Tls.CA, ca)));
            }
            return context.build();
        } catch (SSLException impossible) {
            throw new TemporalSettingException("TLS to Temporal cannot be set up: " + impossible, impossible);
        }
    }

    private static AdvancedTlsX509KeyManager own(File certificate, File key) {
        try {
            var manager = new AdvancedTlsX509KeyManager();
            RenewedFiles.read(
                    () -> manager.updateIdentityCredentials(certificate, key), certificate.toPath(), key.toPath());
            return manager;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
            throw new TemporalSettingException(
                    Tls.CERTIFICATE + " (" + certificate + ") and " + Tls.KEY + " (" + key
                            + ") have to be a certificate and its private key, without a password, both in PEM: "
                            + unusable,
                    unusable);
        }
    }

    private static AdvancedTlsX509TrustManager trusted(File authorities) {
        try {
            var manager = AdvancedTlsX509TrustManager.newBuilder()
                    .setVerification(Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION)
                    .build();
            RenewedFiles.read(() -> manager.updateTrustCredentials(authorities), authorities.toPath());
            return manager;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
            throw new TemporalSettingException(
                    Tls.CA + " (" + authorities
                            + ") has to have the certificates, in PEM, of those who sign Temporal's: " + unusable,
                    unusable);
        }
    }

    private static File file(String setting, Path named) {
        if (!Files.isReadable(named)) {
            throw new TemporalSettingException(setting + " names " + named.toAbsolutePath()
                    + ", which cannot be read: put it there, readable for this process");
        }
        return named.toFile();
    }

    private TlsContext() {}
}
