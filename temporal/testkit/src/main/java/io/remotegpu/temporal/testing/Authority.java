package io.remotegpu.temporal.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Signs certificates for a few days, by the JDK's keytool. */
public final class Authority {

    private static final String PASSWORD = "changeit";
    private static final String ITSELF = "authority";

    private final Path folder;
    private final Path store;

    /** @param folder for its files, which is made if it is missing */
    public Authority(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.store = folder.resolve("all.p12");
        keytool(ITSELF, "-ext", "bc:c");
        replace(
                folder.resolve("ca.crt"),
                pem("CERTIFICATE", store().getCertificate(ITSELF).getEncoded()));
    }

    /** Its own certificate, in PEM. */
    public Path certificate() {
        return folder.resolve("ca.crt");
    }

    /** A certificate for that DNS name, as {@code name.crt} and {@code name.key}. */
    public void sign(String name) throws Exception {
        keytool(name, "-signer", ITSELF, "-ext", "san=dns:" + name);
        replace(
                key(name),
                pem("PRIVATE KEY", store().getKey(name, PASSWORD.toCharArray()).getEncoded()));
        replace(
                certificate(name),
                pem("CERTIFICATE", store().getCertificate(name).getEncoded()));
    }

    public Path certificate(String name) {
        return folder.resolve(name + ".crt");
    }

    public Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** Puts what was signed for that name where a process looks for its own, as a renewal does: each file at once. */
    public void give(String name, Path certificate, Path key) throws IOException {
        replace(key, Files.readString(key(name)));
        replace(certificate, Files.readString(certificate(name)));
    }

    /** For a server of that name that wants to see certificates signed here. */
    public SSLContext server(String name) throws Exception {
        var own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(
                name,
                store().getKey(name, PASSWORD.toCharArray()),
                PASSWORD.toCharArray(),
                store().getCertificateChain(name));
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ITSELF, store().getCertificate(ITSELF));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private void keytool(String alias, String... more) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + alias,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
        command.addAll(List.of(more));
        var said = folder.resolve("keytool.log");
        var keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (keytool.waitFor() != 0) {
            throw new AssertionError("keytool failed: " + Files.readString(said));
        }
    }

    /** At once: who reads it sees all of the old text, or of the new. */
    public static void replace(Path file, String text) throws IOException {
        var half = file.resolveSibling(file.getFileName() + ".half");
        Files.writeString(half, text);
        Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }
}
