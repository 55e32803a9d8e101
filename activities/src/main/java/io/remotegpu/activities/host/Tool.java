package io.remotegpu.activities.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A program that tells of the machine, and is never waited for longer than its patience: with a broken driver it hangs in
 * the kernel, where not even a kill ends it.
 */
final class Tool {

    /**
     * What it said.
     *
     * @param program by its name
     * @param status its exit status
     * @param output standard output and error
     */
    record Answer(String program, int status, String output) {

        boolean isGood() {
            return status == 0;
        }

        /** The line that says what is wrong. */
        String complaint() {
            return program + " ended with status " + status + ": "
                    + output.lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .findFirst()
                            .orElse("it said nothing");
        }
    }

    /** There is no answer, and this is why. */
    static final class SilentException extends Exception {

        private static final long serialVersionUID = 1;

        SilentException(String message) {
            super(message);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    private final String program;
    private final Duration patience;
    private @Nullable Process hanging;

    /** @param patience for one call */
    Tool(String program, Duration patience) {
        this.program = program;
        this.patience = patience;
    }

    /** Empty where there is no such tool. */
    @Nullable
    Answer ask(String... arguments) throws SilentException, InterruptedException {
        if (hanging != null && hanging.isAlive()) {
            throw new SilentException(name() + " (pid " + hanging.pid()
                    + ") hangs and cannot be ended: a driver is stuck, and the machine wants a reboot");
        }
        var command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return null;
        }
        hanging = process;
        try {
            return answer(process);
        } finally {
            process.destroyForcibly();
        }
    }

    private Answer answer(Process process) throws SilentException, InterruptedException {
        var output = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> {
            try {
                process.getOutputStream().close();
                output.complete(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                output.completeExceptionally(e);
            }
        });
        try {
            String said = output.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Answer(name(), process.exitValue(), said);
            }
        } catch (TimeoutException e) {
            // Said below.
        } catch (ExecutionException e) {
            throw new SilentException(name() + "'s answer cannot be read: " + e.getCause());
        }
        throw new SilentException(name() + " does not answer within " + patience.toSeconds() + " s");
    }

    private String name() {
        return String.valueOf(Path.of(program).getFileName());
    }
}
