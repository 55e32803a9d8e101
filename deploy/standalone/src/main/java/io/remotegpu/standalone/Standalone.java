package io.remotegpu.standalone;

import io.remotegpu.standalone.demo.Demo;
import java.util.List;
import java.util.Map;

/** The jar's entry: {@code up} and {@code demo}; everything before that is the launcher's. */
public final class Standalone {

    private static final int USAGE = 2;

    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        String command = words.isEmpty() ? "up" : words.getFirst();
        List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
        Map<String, String> environment = System.getenv();
        int status;
        try {
            status = switch (command) {
                case "up" -> Up.run(UpOptions.parse(rest), environment);
                case "demo" -> Demo.run(rest);
                default -> throw new IllegalArgumentException("there is no command " + command + ", only up and demo");
            };
        } catch (IllegalArgumentException e) {
            System.err.println("remotegpu: " + e.getMessage());
            status = USAGE;
        }
        System.exit(status);
    }

    private Standalone() {}
}
