package io.remotegpu.standalone.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A user's shell: their key, their known hosts, and {@code ssh} as it is pasted. */
final class Terminal {

    private static final int PATIENCE_SECONDS = 60;

    private final Path folder;

    Terminal(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            // What the user's ~/.ssh would hold; ssh itself is the system's.
            Files.writeString(folder.resolve("ssh"), """
                    #!/bin/sh
                    exec /usr/bin/ssh -F /dev/null -i '%s/key' -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=15 \\
                      -o LogLevel=ERROR -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile="$KNOWN_HOSTS" "$@"
                    """.formatted(folder));
            Files.setPosixFilePermissions(folder.resolve("ssh"), PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "e2e", "-f", folder.resolve("key") + ""), "");
    }

    String publicKey() {
        try {
            return Files.readString(folder.resolve("key.pub")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the key to a user of the API. */
    Terminal addTo(Api user) {
        user.post("/users/me/ssh-keys", """
                {"name":"laptop","public_key":"%s"}""".formatted(publicKey())).expect(201);
        return this;
    }

    /**
     * Pastes the command that the API gave and runs something there. The first connection to an environment learns its
     * host key, later ones insist on it, on this address and port.
     */
    String paste(String command, UserEnvironment environment, String remote) {
        var known = folder.resolve("known-" + environment.id()).toString();
        return run(List.of("sh", "-c", command + " \"$0\"", remote), known);
    }

    /** A session that stays open until the process is ended. */
    Process open(String command, UserEnvironment environment, String remote) {
        var known = folder.resolve("known-" + environment.id()).toString();
        try {
            return builder(
                            List.of("sh", "-c", "exec " + command + " \"$0\"", remote),
                            known,
                            folder.resolve("session-" + environment.id()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProcessBuilder builder(List<String> command, String knownHosts, Path output) {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile());
        builder.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
        builder.environment().put("KNOWN_HOSTS", knownHosts);
        return builder;
    }

    private String run(List<String> command, String knownHosts) {
        var output = folder.resolve("output");
        try {
            var process = builder(command, knownHosts, output).start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end");
            }
            var text = Files.readString(output).strip();
            if (process.exitValue() != 0) {
                throw new AssertionError(command + " ended with " + process.exitValue() + ": " + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
