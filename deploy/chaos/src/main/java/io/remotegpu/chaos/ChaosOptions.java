package io.remotegpu.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the trial was asked for.
 *
 * @param seed decides what is broken when, which calls fail, and what the users do
 * @param faults after how many it ends
 * @param users how many work at the same time
 * @param duration after which it ends although there were fewer faults
 * @param boundaries whether the server is also made to crash at every step in turn
 * @param secondWorker whether a second server beside the first is made to crash with operations in its hands
 * @param apart whether API, workers and agent are processes of their own, between which the network can be cut
 * @param fullDisk whether the disk of PostgreSQL and Temporal is full now and then
 * @param json where the report goes for programs
 * @param keep whether the server's folder stays, for looking at what happened
 * @param serverJar the standalone jar, as built or unpacked
 * @param hook what goes on the server's class path for trouble around steps
 * @param agentJar the agent's jar, for those that are apart
 * @param temporalCli with Temporal's dev server; absent for the one that REMOTEGPU_TEMPORAL_CLI names
 * @param dockerScript deploy/engines/docker/engine.sh, which starts and stops the engine that may be killed
 * @param outside the network from which it does so, as a file; the harness is in that of the engine's machine
 */
record ChaosOptions(
        long seed,
        int faults,
        Mode mode,
        int users,
        Duration duration,
        boolean boundaries,
        boolean secondWorker,
        boolean apart,
        boolean fullDisk,
        @Nullable Path json,
        boolean keep,
        Path serverJar,
        Path hook,
        @Nullable Path agentJar,
        @Nullable Path temporalCli,
        @Nullable Path dockerScript,
        @Nullable Path outside) {

    /** What the environments run on. */
    enum Mode {
        SIMULATED,
        DOCKER;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Throws {@link IllegalArgumentException} with words for the person who typed it. */
    static ChaosOptions parse(List<String> arguments) {
        long seed = System.currentTimeMillis() % 1_000_000;
        int faults = 100;
        Mode mode = Mode.SIMULATED;
        int users = 6;
        var duration = Duration.ofMinutes(30);
        boolean boundaries = false;
        boolean secondWorker = false;
        boolean apart = false;
        boolean fullDisk = false;
        boolean keep = false;
        Path json = null;
        Path serverJar = null;
        Path hook = null;
        Path agentJar = null;
        Path temporalCli = null;
        Path dockerScript = null;
        Path outside = null;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String flag = rest.next();
            switch (flag) {
                case "--seed" -> seed = number(flag, value(flag, rest), 0);
                case "--faults" -> faults = (int) number(flag, value(flag, rest), 0);
                case "--users" -> users = (int) number(flag, value(flag, rest), 1);
                case "--mode" -> mode = mode(value(flag, rest));
                case "--duration" -> duration = duration(value(flag, rest));
                case "--boundaries" -> boundaries = true;
                case "--second-worker" -> secondWorker = true;
                case "--apart" -> apart = true;
                case "--full-disk" -> fullDisk = true;
                case "--keep" -> keep = true;
                case "--json" -> json = Path.of(value(flag, rest));
                case "--server-jar" -> serverJar = Path.of(value(flag, rest));
                case "--hook" -> hook = Path.of(value(flag, rest));
                case "--agent-jar" -> agentJar = Path.of(value(flag, rest));
                case "--temporal-cli" -> temporalCli = Path.of(value(flag, rest));
                case "--docker-script" -> dockerScript = Path.of(value(flag, rest));
                case "--outside" -> outside = Path.of(value(flag, rest));
                default -> throw new IllegalArgumentException("chaos does not know " + flag);
            }
        }
        if (serverJar == null || hook == null) {
            throw new IllegalArgumentException("there must be --server-jar and --hook, as ./remotegpu chaos gives");
        }
        if (mode == Mode.DOCKER && (dockerScript == null || outside == null)) {
            throw new IllegalArgumentException(
                    "--mode docker wants --docker-script and --outside, as ./remotegpu chaos gives");
        }
        if (apart && agentJar == null) {
            throw new IllegalArgumentException("--apart wants --agent-jar, as ./remotegpu chaos gives");
        }
        if (apart && (boundaries || secondWorker)) {
            throw new IllegalArgumentException(
                    "--boundaries and --second-worker are for a server in one process, so not beside --apart");
        }
        return new ChaosOptions(
                seed,
                faults,
                mode,
                users,
                duration,
                boundaries,
                secondWorker,
                apart,
                fullDisk,
                json,
                keep,
                serverJar,
                hook,
                agentJar,
                temporalCli,
                dockerScript,
                outside);
    }

    private static String value(String flag, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(flag + " wants a value");
        }
        return rest.next();
    }

    private static long number(String flag, String text, int least) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= Integer.MAX_VALUE) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(flag + " wants a number of at least " + least + "; it got " + text);
    }

    private static Mode mode(String text) {
        for (Mode mode : Mode.values()) {
            if (mode.word().equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("--mode wants simulated or docker; it got " + text);
    }

    private static Duration duration(String text) {
        if (text.matches("[1-9]\\d{0,5}[smh]")) {
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        }
        throw new IllegalArgumentException("--duration wants for example 90s, 20m or 1h; it got " + text);
    }
}
