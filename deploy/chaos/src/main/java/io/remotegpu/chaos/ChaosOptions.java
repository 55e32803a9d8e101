package io.remotegpu.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the trial was asked for.
 *
 * @param seed decides what is broken when, which calls fail, and what the users do
 * @param faults after how many it ends
 * @param modes what environments are
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
 * @param kubeconfig of a cluster in which a namespace may be made and broken
 * @param vmImages with base images of virtual machines, where libvirt is
 */
record ChaosOptions(
        long seed,
        int faults,
        List<Mode> modes,
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
        @Nullable Path kubeconfig,
        @Nullable Path vmImages) {

    /** Every mode that the machine has. */
    private static final String ALL = "all";

    /** Throws {@link IllegalArgumentException} with words for the person who typed it. */
    static ChaosOptions parse(List<String> arguments) {
        long seed = System.currentTimeMillis() % 1_000_000;
        int faults = 100;
        var words = new LinkedHashSet<String>();
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
        Path kubeconfig = null;
        Path vmImages = null;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String flag = rest.next();
            switch (flag) {
                case "--seed" -> seed = number(flag, value(flag, rest), 0);
                case "--faults" -> faults = (int) number(flag, value(flag, rest), 0);
                case "--users" -> users = (int) number(flag, value(flag, rest), 1);
                case "--mode" -> words.addAll(List.of(value(flag, rest).split(",", -1)));
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
                case "--kubeconfig" -> kubeconfig = Path.of(value(flag, rest));
                case "--vm-images" -> vmImages = Path.of(value(flag, rest));
                default -> throw new IllegalArgumentException("chaos does not know " + flag);
            }
        }
        if (serverJar == null || hook == null) {
            throw new IllegalArgumentException("there must be --server-jar and --hook, as ./remotegpu chaos gives");
        }
        var there = EnumSet.of(Mode.SIMULATED);
        if (dockerScript != null) {
            there.add(Mode.DOCKER);
        }
        if (kubeconfig != null) {
            there.add(Mode.K8S);
        }
        if (vmImages != null) {
            there.add(Mode.VM);
        }
        var modes = modes(words, there);
        if (agentJar == null && (apart || modes.contains(Mode.DOCKER))) {
            throw new IllegalArgumentException(
                    "--apart and --mode docker want --agent-jar, as ./remotegpu chaos gives");
        }
        if (boundaries && (apart || modes.size() > 1 || modes.contains(Mode.DOCKER))) {
            throw new IllegalArgumentException("--boundaries is for one mode whose steps are the server's own: neither"
                    + " docker, whose engine is another machine's, nor beside --apart");
        }
        if (secondWorker && (apart || !modes.equals(List.of(Mode.SIMULATED)))) {
            throw new IllegalArgumentException("--second-worker is for --mode simulated, and not beside --apart");
        }
        return new ChaosOptions(
                seed,
                faults,
                modes,
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
                kubeconfig,
                vmImages);
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

    /** In the order in which modes are declared, so that a seed means the same in whichever order they are named. */
    private static List<Mode> modes(Set<String> words, Set<Mode> there) {
        var wanted = EnumSet.noneOf(Mode.class);
        for (String word : words) {
            if (word.equals(ALL)) {
                wanted.addAll(there);
            } else {
                wanted.add(Stream.of(Mode.values())
                        .filter(mode -> mode.word().equals(word))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "--mode wants simulated, docker, k8s, vm, several of them, or all; it got " + word)));
            }
        }
        if (wanted.isEmpty()) {
            wanted.add(Mode.SIMULATED);
        }
        for (Mode mode : wanted) {
            if (!there.contains(mode)) {
                throw new IllegalArgumentException("--mode " + mode.word() + " wants " + mode.needs());
            }
        }
        return List.copyOf(wanted);
    }

    private static Duration duration(String text) {
        if (text.matches("[1-9]\\d{0,5}[smh]")) {
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        }
        throw new IllegalArgumentException("--duration wants for example 90s, 20m or 1h; it got " + text);
    }
}
