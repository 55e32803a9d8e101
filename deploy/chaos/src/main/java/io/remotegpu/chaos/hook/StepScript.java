package io.remotegpu.chaos.hook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which steps meet trouble; steered by files in a folder. {@code steps} holds a seed and a rate: the n-th run of a step for
 * one workflow fares the same for the same seed. {@code halt} holds a step and {@code before} or {@code after}: there, once,
 * the process ends as by SIGKILL. {@code refuse} names a step that fails for good, and while there is {@code record},
 * {@code met} gets the workflow and the name of every step.
 */
final class StepScript {

    /** What may go wrong around a step. */
    enum Trouble {
        STEP_FAILS,
        STEP_ANSWER_LOST,
        STEP_TWICE,
        STEP_SLOW
    }

    private final Path folder;
    private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();

    StepScript(Path folder) {
        this.folder = folder;
    }

    @Nullable
    Trouble next(String workflow, String step) {
        int number = runs.computeIfAbsent(workflow + " " + step, _ -> new AtomicInteger())
                .incrementAndGet();
        String[] script = read("steps").split(" ");
        // Only what concerns one environment has a name that is the same in the next run of the trial.
        if (script.length != 2 || !workflow.startsWith("environment-")) {
            return null;
        }
        var random =
                new SplittableRandom(Long.parseLong(script[0]) * 31 + (workflow + step + number).hashCode()).split();
        if (random.nextDouble() >= Double.parseDouble(script[1])) {
            return null;
        }
        var trouble = Trouble.values()[random.nextInt(Trouble.values().length)];
        note("faults.log", trouble + " " + step + " " + workflow + " " + System.currentTimeMillis());
        return trouble;
    }

    /** Whether that step, this once, fails in a way that cannot pass. */
    boolean refuses(String step) {
        return read("refuse").equals(step);
    }

    /** Does not return where the process is to end. */
    void boundary(String workflow, String step, String moment) {
        if (moment.equals("before") && Files.exists(folder.resolve("record"))) {
            note("met", workflow + " " + step);
        }
        if (!read("halt").equals(step + " " + moment)) {
            return;
        }
        try {
            // Whoever deletes it is the one: only once.
            if (Files.deleteIfExists(folder.resolve("halt"))) {
                note("faults.log", "HALT " + moment + " " + step);
                Runtime.getRuntime().halt(137);
            }
        } catch (IOException e) {
            // Then not.
        }
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file)).strip();
        } catch (IOException none) {
            return "";
        }
    }

    private void note(String file, String line) {
        try {
            Files.write(
                    folder.resolve(file),
                    (line + "\n").getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException lost) {
            // It is not counted.
        }
    }
}
