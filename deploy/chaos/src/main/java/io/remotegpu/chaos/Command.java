package io.remotegpu.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What a program said that was called.
 *
 * @param status how it ended
 * @param text on its standard output
 * @param trouble on its standard error
 */
record Command(int status, String text, String trouble) {

    private static final int LONGEST_SECONDS = 120;

    /** @param environment beside ours */
    static Command call(Map<String, String> environment, List<String> line) throws InterruptedException {
        return call(environment, "", line);
    }

    /** @param input what it reads */
    static Command call(Map<String, String> environment, String input, List<String> line) throws InterruptedException {
        try {
            var builder = new ProcessBuilder(line);
            builder.environment().putAll(environment);
            var process = builder.start();
            var trouble = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
            try (var out = process.getOutputStream()) {
                out.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String text = read(process.getInputStream());
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new ChaosException(String.join(" ", line) + " does not end");
            }
            return new Command(process.exitValue(), text, trouble.join().strip());
        } catch (IOException e) {
            throw new ChaosException(line.getFirst() + " cannot be called: " + e.getMessage(), e);
        }
    }

    boolean failed() {
        return status != 0;
    }

    /** Without empty ones. */
    List<String> lines() {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    /** The lines of one that did not fail. */
    List<String> answer() throws IOException {
        if (failed()) {
            throw new IOException(trouble + " (status " + status + ")");
        }
        return lines();
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
