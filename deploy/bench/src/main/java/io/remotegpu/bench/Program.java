package io.remotegpu.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A program of an engine's, called as a person calls it.
 *
 * @param start its name and the arguments of every call
 */
record Program(List<String> start) {

    Program(String... start) {
        this(List.of(start));
    }

    /** What it says; one that fails ends the benchmark, and is quoted. */
    String run(String... arguments) throws InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(
                            Stream.concat(start.stream(), Stream.of(arguments)).toList())
                    .start();
        } catch (IOException e) {
            throw new BenchException("there is no " + start.getFirst() + " on the PATH: " + e.getMessage(), e);
        }
        try {
            process.getOutputStream().close();
            var complaints = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            String said = text(process.getInputStream());
            if (process.waitFor() != 0) {
                throw new BenchException(
                        start.getFirst() + " " + arguments[0] + " failed: " + (said + complaints.join()).strip());
            }
            return said;
        } catch (IOException e) {
            throw new BenchException(start.getFirst() + " cannot be called: " + e.getMessage(), e);
        } finally {
            process.destroy();
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
