package io.remotegpu.drivers.docker;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * This machine's packet filter, by {@code iptables}, which Docker uses too. What comes from one bridge passes a chain of its
 * own, on its way to the machine (INPUT) and on its way through it (DOCKER-USER, the place that Docker leaves to others
 * and never empties).
 */
final class PacketFilter {

    private static final String CHAIN_PREFIX = "REMOTEGPU-";
    private static final List<String> HOOKS = List.of("INPUT", "DOCKER-USER");
    private static final Pattern JUMP = Pattern.compile("(?m)^-A (\\S+) -i (\\S+) -j (" + CHAIN_PREFIX + "\\S+)$");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** By us, when it took too long. */
    private static final int KILLED = 128 + 9;
    /** What it says when another program keeps its lock for longer than it waits. */
    private static final String LOCKED = "xtables lock";

    /** The filter is not as it should be, and this is why. */
    static final class FilterException extends Exception {

        private static final long serialVersionUID = 1;

        private final boolean passing;

        FilterException(String message, @Nullable Throwable cause) {
            this(message, cause, false);
        }

        FilterException(String message, @Nullable Throwable cause, boolean passing) {
            super(message, cause);
            this.passing = passing;
        }

        /** Whether the same may succeed a little later, without anybody doing something about it. */
        boolean isPassing() {
            return passing;
        }
    }

    private final String programs;

    PacketFilter() {
        this("");
    }

    /** @param programs the folder of {@code iptables} and {@code iptables-restore}, with a slash; empty: where the path says */
    PacketFilter(String programs) {
        this.programs = programs;
    }

    /**
     * Lets what comes from that bridge reach names (port 53) everywhere, but else neither this machine nor the closed
     * networks. Answers to those who connect to an environment pass, refusals too. Idempotent, and at no moment open in between.
     *
     * @param closed IPv4 CIDRs
     */
    void close(String bridge, List<String> closed) throws FilterException {
        if (!isHere(bridge)) {
            throw new FilterException("the engine's bridge " + bridge + " is not on this machine", null);
        }
        run(rules(bridge, closed), "iptables-restore", "-w", "5", "--noflush");
        for (String hook : HOOKS) {
            String[] jump = {hook, "-i", bridge, "-j", chain(bridge)};
            if (attempt(iptables("-C", jump)) != 0) {
                run("", iptables("-I", jump));
            }
        }
    }

    /** Whether this process may read the filter, and so write it, where Docker has prepared it: changes nothing. */
    void tryOut() throws FilterException {
        for (String hook : HOOKS) {
            run("", iptables("-S", hook));
        }
    }

    /** The chain is replaced as a whole: those of other bridges, and everything of others, stay. */
    static String rules(String bridge, List<String> closed) {
        String append = "-A " + chain(bridge) + " ";
        // Answered, not dropped: who tries learns at once that it is not allowed.
        String refuse = " -j REJECT --reject-with icmp-admin-prohibited\n";
        var rules = new StringBuilder("*filter\n:" + chain(bridge) + " - [0:0]\n");
        rules.append(append).append("-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN\n");
        // A reset opens nothing. The engine makes the machine forget connections to an address that it gives to a new
        // container; whoever asked for that container's port too early would wait for a second for the lost refusal.
        rules.append(append).append("-p tcp --tcp-flags RST RST -j RETURN\n");
        // Names, wherever the machine asks for them: on itself, or at an address of the cloud's.
        rules.append(append).append("-p udp --dport 53 -j RETURN\n");
        rules.append(append).append("-p tcp --dport 53 -j RETURN\n");
        closed.forEach(
                network -> rules.append(append).append("-d ").append(network).append(refuse));
        rules.append(append).append("-m addrtype --dst-type LOCAL").append(refuse);
        return rules.append("COMMIT\n").toString();
    }

    static String chain(String bridge) {
        return CHAIN_PREFIX + bridge;
    }

    /** Takes the rules of networks away that were removed: a bridge's name never comes back. */
    void forgetGoneBridges() throws FilterException {
        for (Matcher jump = JUMP.matcher(run("", "iptables", "-w", "5", "-S")); jump.find(); ) {
            String bridge = jump.group(2);
            if (jump.group(3).equals(chain(bridge)) && !isHere(bridge)) {
                // Somebody else may be faster; and a chain can only go when its last jump is gone.
                attempt(iptables("-D", jump.group(1), "-i", bridge, "-j", chain(bridge)));
                attempt(iptables("-F", chain(bridge)));
                attempt(iptables("-X", chain(bridge)));
            }
        }
    }

    private static boolean isHere(String bridge) throws FilterException {
        try {
            return NetworkInterface.getByName(bridge) != null;
        } catch (IOException e) {
            throw new FilterException("whether " + bridge + " is here cannot be seen: " + e.getMessage(), e, true);
        }
    }

    private static String[] iptables(String action, String... rest) {
        List<String> command = new ArrayList<>(List.of("iptables", "-w", "5", action));
        command.addAll(List.of(rest));
        return command.toArray(String[]::new);
    }

    private int attempt(String... command) throws FilterException {
        return execute("", command).status;
    }

    private String run(String input, String... command) throws FilterException {
        Answer answer = execute(input, command);
        if (answer.status != 0) {
            throw new FilterException(
                    String.join(" ", command) + " ended with status " + answer.status + ": " + answer.output.strip(),
                    null,
                    answer.status == KILLED || answer.output.contains(LOCKED));
        }
        return answer.output;
    }

    private record Answer(int status, String output) {}

    private Answer execute(String input, String... command) throws FilterException {
        Process process;
        try {
            String[] found = command.clone();
            found[0] = programs + command[0];
            process = new ProcessBuilder(found).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new FilterException(command[0] + " cannot be run here (" + e.getMessage() + ")", e);
        }
        // It waits for its lock for 5 s at most (-w); what hangs nevertheless is ended, which ends the reading too.
        Thread guard = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(PATIENCE);
                process.destroyForcibly();
            } catch (InterruptedException e) {
                // It ended in time.
            }
        });
        try {
            boolean read = feed(process, input);
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (!read && status == 0) {
                throw new FilterException(command[0] + " did not read its rules: " + output.strip(), null);
            }
            return new Answer(status, output);
        } catch (IOException e) {
            throw new FilterException(command[0] + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FilterException(command[0] + " was interrupted", e, true);
        } finally {
            guard.interrupt();
            process.destroyForcibly();
        }
    }

    /** False where it ended before it read all; why, it says itself. */
    private static boolean feed(Process process, String input) {
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException ended) {
            return false;
        }
    }
}
