package io.remotegpu.standalone.child;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process of its own that starts one child, for tests that kill it: arguments are a log file and the command. */
final class HoldsChild {

    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        Lifeline.start(
                Lifeline.Command.of(words.subList(1, words.size()), "TERM", Duration.ofSeconds(5)),
                Path.of(words.getFirst()));
        Thread.sleep(Duration.ofMinutes(5));
    }

    private HoldsChild() {}
}
