package io.remotegpu.standalone.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Another machine: a network namespace with an engine of its own, which {@code deploy/engines/docker/engine.sh --machine}
 * makes. All that is between it and this machine is one cable.
 *
 * @param engine its engine's address, a socket that this machine sees, too
 */
record Machine(String engine) {

    static final String ADDRESS = "172.27.0.2";
    private static final String OUR_ADDRESS = "172.27.0.1";
    private static final String NAMESPACE = "/run/netns/rg-machine";
    private static final String CABLE = "rg-machine0";
    private static final Path ENGINE = Needs.launcher().resolveSibling("deploy/engines/docker/engine.sh");

    /** The words before a command that make it run there. */
    List<String> run() {
        return List.of("nsenter", "--net=" + NAMESPACE);
    }

    /** Lets that machine reach a port of this one's loopback address, as an operator's proxy would. */
    Relay reach(URI service) {
        return new Relay(OUR_ADDRESS, service);
    }

    void pullTheCable() {
        cable("down");
    }

    void plugTheCableIn() {
        cable("up");
    }

    /** Every process there ends at once: the engine, its containers, the agent. */
    void switchOff() {
        var there = ProcessHandle.allProcesses()
                .filter(Machine::isThere)
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .collect(Collectors.toSet());
        there.forEach(ProcessHandle::destroyForcibly);
        // One that ended and that nobody asked about yet has no command any more.
        Eventually.until(
                "no process runs there",
                () -> there.stream()
                        .noneMatch(process -> process.info().command().isPresent()));
    }

    /** Its engine starts, as it would with the machine. */
    void switchOn() {
        run(ENGINE.toString(), "start", "--machine");
    }

    private static boolean isThere(ProcessHandle process) {
        try {
            var network = Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "ns", "net"));
            return network.toString().equals("net:[" + Files.getAttribute(Path.of(NAMESPACE), "unix:ino") + "]");
        } catch (IOException ended) {
            return false;
        }
    }

    private static void cable(String state) {
        run("ip", "link", "set", CABLE, state);
    }

    private static void run(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " ended with " + process.exitValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
