package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Has the server crash at the border of every step in turn, before it and after it, and measures how soon after the
 * restart the operation has come to its end. Which steps there are is learned from one round that nothing disturbs.
 */
final class Boundaries {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /**
     * One crash.
     *
     * @param seconds from the server's being ready again until the operation's end
     */
    record Crash(String operation, String step, String moment, double seconds) {}

    /** What is done to an environment, and where it rests then. */
    private enum Act {
        CREATE("running"),
        STOP("stopped"),
        START("running"),
        DELETE("deleted"),
        CREATE_THAT_FAILS("failed");

        private final String rests;

        Act(String rests) {
            this.rests = rests;
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    private final Server server;
    private final Api api;
    private final Path script;
    private final Mode mode;
    private final Set<String> findings;
    private final List<Crash> crashes = new ArrayList<>();
    private int number;

    Boundaries(Server server, Api api, Path script, Mode mode, Set<String> findings) {
        this.server = server;
        this.api = api;
        this.script = script;
        this.mode = mode;
        this.findings = findings;
    }

    /** @param longest after which those that are left are left out, which is said */
    List<Crash> run(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        try {
            for (Act act : Act.values()) {
                for (String step : steps(act)) {
                    for (String moment : List.of("before", "after")) {
                        if (System.nanoTime() > deadline) {
                            Progress.at("no time for a crash " + moment + " " + step + " of a " + act.word(), 0, 0);
                        } else {
                            crash(act, step, moment);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new ChaosException("the script of crashes cannot be written: " + e.getMessage(), e);
        }
        return crashes;
    }

    private Set<String> steps(Act act) throws IOException, InterruptedException {
        String id = prepared(act);
        Files.writeString(script.resolve("record"), "");
        Files.deleteIfExists(script.resolve("met"));
        String acted = id == null ? admitted(act) : act(act, id);
        awaitRest(act, acted);
        Files.deleteIfExists(script.resolve("record"));
        clear(acted);
        // Beside it, the one before may still be on its way out.
        String own = "environment-" + acted + " ";
        return Files.readAllLines(script.resolve("met")).stream()
                .filter(line -> line.startsWith(own))
                .map(line -> line.substring(own.length()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void crash(Act act, String step, String moment) throws IOException, InterruptedException {
        String id = prepared(act);
        Files.writeString(script.resolve("halt"), step + " " + moment);
        String acted = act(act, id);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (server.isAlive() && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        Files.deleteIfExists(script.resolve("halt"));
        if (server.isAlive()) {
            findings.add("no crash " + moment + " " + step + " of a " + act.word() + ": the step was not met");
            clear(acted);
            return;
        }
        server.awaitNothingLeft();
        server.start();
        long began = System.nanoTime();
        // A create that was not admitted before the crash is asked for again, as people do.
        String last = act == Act.CREATE || act == Act.CREATE_THAT_FAILS ? admitted(act) : acted;
        awaitRest(act, last);
        double seconds = (System.nanoTime() - began) / 1e9;
        crashes.add(new Crash(act.word(), step, moment, seconds));
        Progress.at(
                String.format(java.util.Locale.ROOT, "%s, crash %s %s: %.1f s", act.word(), moment, step, seconds),
                crashes.size(),
                0);
        clear(last);
    }

    /** An environment on which that can be done. */
    private @Nullable String prepared(Act act) throws InterruptedException, IOException {
        return switch (act) {
            case CREATE, CREATE_THAT_FAILS -> {
                number++;
                yield null;
            }
            case STOP, DELETE -> ready();
            case START -> {
                String id = ready();
                act(Act.STOP, id);
                awaitRest(Act.STOP, id);
                yield id;
            }
        };
    }

    private String ready() throws InterruptedException, IOException {
        number++;
        String id = admitted(Act.CREATE);
        awaitRest(Act.CREATE, id);
        return id;
    }

    /** Asked for until it is answered: the id. */
    private String admitted(Act act) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String id = act(act, null);
        while (id.equals("null") && System.nanoTime() < deadline) {
            Thread.sleep(100);
            id = act(act, null);
        }
        return id;
    }

    /** Asked for once; the id, or {@code "null"} where it is not known yet. */
    private String act(Act act, @Nullable String id) throws InterruptedException, IOException {
        if (act == Act.CREATE_THAT_FAILS) {
            Files.writeString(script.resolve("refuse"), "Engine_Deploy");
        }
        var answer = switch (act) {
            case CREATE, CREATE_THAT_FAILS ->
                api.send("POST", "/environments", request(), "Idempotency-Key", "boundary-" + number);
            case STOP -> api.send("POST", "/environments/" + id + "/stop", null);
            case START -> api.send("POST", "/environments/" + id + "/start", null);
            case DELETE -> api.send("DELETE", "/environments/" + id, null);
        };
        return answer.good() && id == null ? answer.body().path("id").asString() : String.valueOf(id);
    }

    private Map<String, Object> request() {
        return mode.request("boundary-" + number, mode == Mode.SIMULATED ? 1 : 0);
    }

    private void awaitRest(Act act, String id) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode seen = null;
        while (System.nanoTime() < deadline) {
            var answer = api.send("GET", "/environments/" + id, null);
            seen = answer.body();
            String status =
                    answer.status() == 404 ? "deleted" : seen.path("status").asString("");
            boolean moving = seen.path("operation").path("outcome").asString("").isEmpty() && answer.good();
            if (status.equals(act.rests) && !moving) {
                Files.deleteIfExists(script.resolve("refuse"));
                return;
            }
            if (answer.good() && !moving) {
                // Refused before it was admitted, or never heard of: once more, as people do.
                act(act, id);
            }
            Thread.sleep(50);
        }
        findings.add("a " + act.word() + " did not come to its end within " + PATIENCE.toSeconds() + " s: " + seen);
        Files.deleteIfExists(script.resolve("refuse"));
    }

    private void clear(String id) throws InterruptedException {
        api.send("DELETE", "/environments/" + id, null, "Prefer", "wait=20");
    }
}
