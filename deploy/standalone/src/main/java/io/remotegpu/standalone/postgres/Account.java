package io.remotegpu.standalone.postgres;

import io.remotegpu.standalone.StartupException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * As whom PostgreSQL's programs run. They refuse root. As root they get a user namespace of their own, in which the same
 * user is nobody: no account to make, no files to hand over.
 */
final class Account {

    /** What to put before a command; nothing for an ordinary user. */
    static List<String> prefix() throws IOException, InterruptedException {
        if (!isRoot()) {
            return List.of();
        }
        if (!succeeds("unshare", "--user", "true")) {
            throw new StartupException(
                    "PostgreSQL does not run as root, and this machine has no user namespaces to run it "
                            + "in: start RemoteGPU as an ordinary user, or set REMOTEGPU_DATABASE_URL");
        }
        return List.of("unshare", "--user", "--");
    }

    private static boolean isRoot() throws IOException {
        return java.nio.file.Files.getAttribute(Path.of("/proc/self"), "unix:uid")
                .equals(0);
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private Account() {}
}
