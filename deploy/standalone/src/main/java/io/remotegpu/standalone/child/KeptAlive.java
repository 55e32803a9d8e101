package io.remotegpu.standalone.child;

import io.remotegpu.standalone.Console;
import io.remotegpu.standalone.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server that runs as our child: {@link #start()} returns when it answers, and when it dies later it is started again,
 * after a pause that grows while it keeps dying and is short again once it has lasted.
 */
public final class KeptAlive implements AutoCloseable {

    static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LASTED = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(25);

    private final String name;
    private final Server server;
    private final Path log;
    private final Console console;
    private final Object lock = new Object();
    private @Nullable Lifeline running;
    private @Nullable Thread watcher;
    private boolean closed;

    public KeptAlive(String name, Server server, Path log, Console console) {
        this.name = name;
        this.server = server;
        this.log = log;
        this.console = console;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @throws StartupException when it ends instead, or does not answer in time; nothing is left running then
     */
    public void start() throws InterruptedException {
        Lifeline first = launch();
        try {
            awaitAnswer(first);
        } catch (InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
        synchronized (lock) {
            if (!closed) {
                watcher = Thread.ofVirtual().name("keeps " + name).start(() -> watch(first));
            }
        }
    }

    /** Ends it and everything beneath it; returns when it is gone. Closing again is success. */
    @Override
    public void close() {
        Lifeline last;
        synchronized (lock) {
            closed = true;
            last = running;
            if (watcher != null) {
                watcher.interrupt();
            }
        }
        if (last != null) {
            last.end();
        }
    }

    private Lifeline launch() {
        synchronized (lock) {
            if (closed) {
                throw new StartupException(name + " is not started: RemoteGPU is stopping");
            }
            try {
                server.prepare();
                running = Lifeline.start(server.command(), log);
                return running;
            } catch (IOException e) {
                throw new StartupException(name + " cannot be started: " + e.getMessage(), e);
            }
        }
    }

    private void awaitAnswer(Lifeline child) throws InterruptedException {
        long deadline = System.nanoTime() + server.patience().toNanos();
        while (!server.answers()) {
            if (!child.isAlive()) {
                throw new StartupException(name + " ended with status " + child.await()
                        + " instead of starting; its log, " + log + ", ends:\n" + tail());
            }
            if (System.nanoTime() > deadline) {
                throw new StartupException(name + " does not answer after "
                        + server.patience().toSeconds() + " s; its log, " + log + ", ends:\n" + tail());
            }
            Thread.sleep(POLL);
        }
    }

    private void watch(Lifeline first) {
        Lifeline child = first;
        Duration pause = FIRST_PAUSE;
        try {
            while (true) {
                long started = System.nanoTime();
                int status = child.await();
                if (isClosed()) {
                    return;
                }
                // Closes our end of a pipe whose shell was killed, and ends what it may have left.
                child.end();
                boolean lasted = System.nanoTime() - started > LASTED.toNanos();
                pause = lasted ? FIRST_PAUSE : pause;
                console.say(
                        name,
                        "ended with status " + status + "; starting it again in " + Console.seconds(pause) + " (log: "
                                + log + ")");
                Thread.sleep(pause);
                child = again(child);
                pause = longer(pause);
            }
        } catch (InterruptedException e) {
            // close() wants us gone.
        }
    }

    /** A start that fails counts as a death: the dead child comes back, and the next round tries after a longer pause. */
    private Lifeline again(Lifeline dead) throws InterruptedException {
        Lifeline child = dead;
        long began = System.nanoTime();
        try {
            child = launch();
            awaitAnswer(child);
            console.say(name, "is back after " + Console.secondsSince(began));
        } catch (StartupException e) {
            if (!isClosed()) {
                console.say(name, e.getMessage());
                child.end();
            }
        }
        return child;
    }

    static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
        } catch (IOException e) {
            return "(unreadable: " + e.getMessage() + ")";
        }
    }

    /** How to start a server, and how to tell that it is up. */
    public interface Server {

        /** Before every start, the first and the later ones: clears what an unclean end left. */
        void prepare() throws IOException;

        Lifeline.Command command();

        /** Whether it serves; never throws because it does not yet. */
        boolean answers();

        /** How long a start may take. */
        Duration patience();
    }
}
