package io.remotegpu.standalone.demo;

import io.remotegpu.standalone.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code demo}: the walk-through as a user, each step with its time. */
public final class Demo {

    /**
     * @param arguments without the word {@code demo} itself
     * @return the exit status: 0 when every step went well
     * @throws IllegalArgumentException with words for the person who typed them
     */
    public static int run(List<String> arguments) {
        DemoOptions options = DemoOptions.parse(arguments);
        var console = new Console(System.out);
        Path home = Path.of(System.getenv().getOrDefault("REMOTEGPU_HOME", ".remotegpu"));
        long began = System.nanoTime();
        try {
            Path folder = Files.createTempDirectory("remotegpu-demo-");
            var walk = new WalkThrough(
                    options,
                    Account.keptIn(home.resolve("keys").resolve("demo-account")),
                    new ApiClient(options.url()),
                    new SshClient(folder),
                    console);
            // Ctrl-C in the middle gives everything back, too.
            var cleaning = new Thread(() -> clean(walk, folder), "clean up");
            Runtime.getRuntime().addShutdownHook(cleaning);
            walk.run();
            console.line("\nEverything worked, in " + Console.secondsSince(began));
            return 0;
        } catch (DemoException | IOException e) {
            console.line("\nremotegpu demo: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            return 1;
        }
    }

    private static void clean(WalkThrough walk, Path folder) {
        walk.close();
        try (var files = Files.list(folder)) {
            for (Path file : new ArrayList<>(files.toList())) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            System.err.println("remotegpu demo: " + folder + " stays: " + e.getMessage());
        }
    }

    private Demo() {}
}
