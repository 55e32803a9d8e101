package io.remotegpu.standalone.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The system's own {@code ssh} with a key of its own, reading nothing of the user's configuration.
 *
 * @param folder temporary; holds the key and the known hosts
 */
record SshClient(Path folder) {

    private static final int PATIENCE_SECONDS = 60;

    /** Makes the key; returns its public half as one line. */
    String generateKey() throws IOException, InterruptedException {
        run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "remotegpu-demo", "-f", key().toString()));
        return Files.readString(key().resolveSibling("key.pub")).strip();
    }

    /**
     * Runs a command there and returns what it printed.
     *
     * @param identity whose host key it must show: the first connection learns it, later ones insist on it, whatever
     *     the port then is
     * @throws DemoException when ssh or the command ends with another status than 0
     */
    String execute(Target target, String identity, String command) throws IOException, InterruptedException {
        return run(List.of(
                "ssh",
                "-F",
                "/dev/null",
                "-i",
                key().toString(),
                "-p",
                Integer.toString(target.port()),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "BatchMode=yes",
                "-o",
                "ConnectTimeout=15",
                "-o",
                "LogLevel=ERROR",
                "-o",
                "StrictHostKeyChecking=accept-new",
                "-o",
                "HostKeyAlias=" + identity,
                "-o",
                "UserKnownHostsFile=" + folder.resolve("known_hosts"),
                target.user() + "@" + target.host(),
                command));
    }

    private Path key() {
        return folder.resolve("key");
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process;
        try {
            process = new ProcessBuilder(new ArrayList<>(command))
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new DemoException(
                    command.getFirst() + " cannot be run: install the OpenSSH client "
                            + "(Debian: apt install openssh-client)",
                    e);
        }
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new DemoException(command.getFirst() + " did not end within " + PATIENCE_SECONDS + " s");
        }
        String text = Files.readString(output, StandardCharsets.UTF_8).strip();
        if (process.exitValue() != 0) {
            throw new DemoException(command.getFirst() + " ended with status " + process.exitValue() + ": " + text);
        }
        return text;
    }

    /** Where the API says to connect. */
    record Target(String host, int port, String user) {}
}
