package io.remotegpu.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The agent of one host. Ends by a signal; or with 1 when it cannot go on, with 2 when it was called wrongly. */
public final class Agent {

    private static final int USAGE = 2;

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.getenv(), new Console(System.out)));
    }

    private static int run(List<String> arguments, Map<String, String> environment, Console console) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            console.line(usage());
            return 0;
        }
        AgentOptions options;
        try {
            options = AgentOptions.parse(arguments, environment);
        } catch (IllegalArgumentException e) {
            System.err.println("remotegpu: " + e.getMessage() + "; --help shows what there is");
            return USAGE;
        }
        var ending = new Ending(console);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(ending, console), "stop"));
        console.line("RemoteGPU agent of host " + options.hostId());
        try {
            new HostService(options, environment, console, ending).run();
        } catch (AgentException e) {
            if (!ending.hasBegun()) {
                console.line("\nremotegpu agent: " + e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 1;
    }

    private static void stop(Ending ending, Console console) {
        console.line("\nThe agent is stopping; environments go on");
        ending.run();
        console.line("The agent has stopped");
    }

    private static String usage() {
        try (InputStream text = Objects.requireNonNull(Agent.class.getResourceAsStream("usage.txt"))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Agent() {}
}
