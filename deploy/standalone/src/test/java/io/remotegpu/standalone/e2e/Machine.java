package io.remotegpu.standalone.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;

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

    private static void cable(String state) {
        try {
            var process = new ProcessBuilder("ip", "link", "set", CABLE, state)
                    .inheritIO()
                    .start();
            if (process.waitFor() != 0) {
                throw new AssertionError("the cable " + CABLE + " cannot be set " + state);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
