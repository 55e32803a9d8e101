package io.remotegpu.standalone.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code ./remotegpu agent} as people type it, a process of its own with a folder of its own; nothing of it outlives the test. */
final class AgentProcess implements AutoCloseable {

    private static final long STOP_SECONDS = 30;

    private final Path home;
    private final Path console;
    private final Map<String, String> environment;
    private final List<String> command;
    private Process process;

    /**
     * @param home becomes {@code REMOTEGPU_HOME}
     * @param settings further environment variables
     * @param arguments words after {@code agent}
     */
    AgentProcess(Path home, Map<String, String> settings, List<String> arguments) {
        this.home = home;
        this.console = home.resolveSibling(home.getFileName() + ".log");
        this.environment = new HashMap<>(settings);
        environment.put("REMOTEGPU_HOME", home.toString());
        environment.putIfAbsent("REMOTEGPU_LIBVIRT_URI", "off");
        environment.put("REMOTEGPU_AGENT_JAR", Needs.agentJar().toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        this.command = new ArrayList<>(List.of(Needs.launcher().toString(), "agent"));
        command.addAll(arguments);
    }

    /** Returns at once. */
    AgentProcess start() {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(console.toFile()));
        builder.environment().putAll(environment);
        try {
            Files.createDirectories(home);
            Files.writeString(console, "");
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    AgentProcess awaitServing() {
        return awaitSaying("The agent serves host");
    }

    AgentProcess awaitSaying(String words) {
        Eventually.until("the agent says '" + words + "'", () -> {
            if (output().contains(words)) {
                return true;
            }
            if (!process.isAlive()) {
                throw new AssertionError("the agent has ended: " + output());
            }
            return false;
        });
        return this;
    }

    /** What it has said since it was started last. */
    String output() {
        try {
            return Files.readString(console);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it ends by itself; returns its exit status. */
    int end() {
        return waitFor();
    }

    /** As Ctrl-C; returns its exit status. */
    int interrupt() {
        process.destroy();
        return waitFor();
    }

    /** As {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
        waitFor();
    }

    private int waitFor() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the agent does not end: " + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        try {
            // In order, so that it gives its host up for the next one.
            interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
