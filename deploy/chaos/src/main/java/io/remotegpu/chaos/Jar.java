package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The server's jar in its parts, with the hook behind them.
 *
 * @param java words before the main class's own
 */
record Jar(List<String> java) {

    private static final String MAIN = "io.remotegpu.standalone.Standalone";

    /** @param work where it is unpacked to, should it be in one piece: that takes no further class path */
    static Jar with(Path jar, Path hook, Path work) throws InterruptedException {
        String program = program();
        Path unpacked = unpack(program, jar, work);
        var java = new ArrayList<>(
                List.of(program, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        Path cache = unpacked.resolveSibling("remotegpu.aot");
        if (Files.exists(cache)) {
            java.add("-XX:AOTCache=" + cache);
        }
        // The cache holds for a class path that begins like the one it was made with.
        java.addAll(List.of("-cp", unpacked + ":" + hook.toAbsolutePath(), MAIN));
        return new Jar(List.copyOf(java));
    }

    /** The JVM that runs us. */
    static String program() {
        return ProcessHandle.current().info().command().orElse("java");
    }

    List<String> command(List<String> words) {
        var line = new ArrayList<>(java);
        line.addAll(words);
        return line;
    }

    private static Path unpack(String java, Path jar, Path work) throws InterruptedException {
        if (Files.isDirectory(jar.resolveSibling("lib"))) {
            return jar.toAbsolutePath();
        }
        Path app = work.resolve("app");
        try {
            var process = new ProcessBuilder(
                            java, "-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", app.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new ChaosException(jar + " cannot be unpacked");
            }
        } catch (IOException e) {
            throw new ChaosException(jar + " cannot be unpacked: " + e.getMessage(), e);
        }
        return app.resolve(jar.getFileName());
    }
}
