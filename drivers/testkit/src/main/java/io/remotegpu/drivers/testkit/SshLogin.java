package io.remotegpu.drivers.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.common.config.keys.PublicKeyEntry;

/** A user with a key pair of their own. */
public final class SshLogin implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KeyPair keys = newKeys();
    private final SshClient client = SshClient.setUpDefaultClient();

    /** Of a command; the output is of both streams. */
    public record Result(Integer exit, String out) {}

    public SshLogin() {
        client.setServerKeyVerifier((session, address, key) -> true); // each environment has a key of its own
        client.start();
    }

    /** The line for {@code authorized_keys}. */
    public String authorizedKey() {
        return PublicKeyEntry.toString(keys.getPublic()) + " tester";
    }

    /** Exit code and output, both streams, of a command. */
    public Result run(String address, int port, String command) {
        try (var session = client.connect("dev", address, port).verify(PATIENCE).getSession()) {
            session.addPublicKeyIdentity(keys);
            session.auth().verify(PATIENCE);
            var out = new ByteArrayOutputStream();
            try (var channel = session.createExecChannel(command)) {
                channel.setOut(out);
                channel.setErr(out);
                channel.open().verify(PATIENCE);
                channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE);
                return new Result(channel.getExitStatus(), out.toString(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("ssh to " + address + ":" + port, e);
        }
    }

    @Override
    public void close() {
        client.stop();
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
