package io.remotegpu.standalone.child;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that cannot outlive this one: it runs beneath a small shell that holds the reading end of a pipe whose only
 * writing end is ours (see {@code lifeline.sh}). Closing the pipe is how we stop it, too, so that the way for crashes is
 * the way that is used every day.
 *
 * <p>It runs in a session of its own, because Ctrl-C goes to every process of the terminal's group, and we end ours in
 * order. PR_SET_PDEATHSIG alone would not do: it follows the forking thread instead of the process.
 */
public final class Lifeline {

    private static final String SCRIPT = script();

    private final Process shell;
    private final Duration grace;

    private Lifeline(Process shell, Duration grace) {
        this.shell = shell;
        this.grace = grace;
    }

    /**
     * Starts the command; its output is appended to the log file.
     *
     * @throws IOException when it cannot be started at all
     */
    public static Lifeline start(Command command, Path log) throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        var line = new ArrayList<>(List.of("setsid", "sh", "-c", SCRIPT, "lifeline", command.endSignal()));
        line.add(Long.toString(command.grace().toSeconds()));
        line.addAll(command.line());
        var builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(command.environment());
        return new Lifeline(builder.start(), command.grace());
    }

    public boolean isAlive() {
        return shell.isAlive();
    }

    /** Waits until it has ended by itself or by {@link #end()}; returns its exit status. */
    public int await() throws InterruptedException {
        return shell.waitFor();
    }

    /** Asks it to end, kills it after its grace, and returns when it is gone; ending what has ended is success. */
    public void end() {
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            // The shell is gone already.
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + grace.plusSeconds(5).toNanos();
        while (shell.isAlive()) {
            try {
                long left = deadline - System.nanoTime();
                if (shell.waitFor(Math.max(left, 0), TimeUnit.NANOSECONDS) || left <= 0) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String script() {
        try (InputStream in = Lifeline.class.getResourceAsStream("lifeline.sh")) {
            if (in == null) {
                throw new IllegalStateException("lifeline.sh is not on the class path: the jar is incomplete");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("lifeline.sh cannot be read from the jar", e);
        }
    }

    /**
     * What to run and how to end it.
     *
     * @param line the command and its arguments
     * @param environment variables that join ours
     * @param endSignal the name of the signal that asks it to end, for example {@code "TERM"}
     * @param grace whole seconds from that signal until it is killed
     */
    public record Command(List<String> line, Map<String, String> environment, String endSignal, Duration grace) {

        /** With the given signal to the process should its shell be killed; see prctl(2), PR_SET_PDEATHSIG. */
        public static Command of(List<String> line, String endSignal, Duration grace) {
            var bound = new ArrayList<>(List.of("setpriv", "--pdeathsig", endSignal, "--"));
            bound.addAll(line);
            return new Command(List.copyOf(bound), Map.of(), endSignal, grace);
        }

        /** The same, begun through another program that executes the rest of its arguments. */
        public Command through(List<String> prefix) {
            var whole = new ArrayList<>(prefix);
            whole.addAll(line);
            return new Command(List.copyOf(whole), environment, endSignal, grace);
        }
    }
}
