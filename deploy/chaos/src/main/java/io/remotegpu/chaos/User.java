package io.remotegpu.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who creates, starts, stops and deletes, as a seed says, whatever happens. Every decision takes the same number
 * of random numbers, so that the same seed asks for the same things in the same order.
 */
final class User {

    private static final int GPU_DICE = 6;

    /** One environment, its successor, and so on. */
    private static final class Slot {
        final int number;
        final Mode mode;
        int generation;

        @Nullable
        String id;
        /** A create of which nothing was heard: the same request must be sent again, with the same key. */
        @Nullable
        Map<String, Object> unanswered;

        Slot(int number, Mode mode) {
            this.number = number;
            this.mode = mode;
        }
    }

    private final String name;
    private final Api api;
    private final Random random;
    private final Tally operations;
    private final Tally oddities;
    private final List<Slot> slots = new ArrayList<>();

    /**
     * @param modes of environments, of each of which the user has some
     * @param oddities gets answers that nobody should ever get
     */
    User(int number, Api api, List<Mode> modes, long seed, Tally operations, Tally oddities) {
        this.name = "user" + number;
        this.api = api;
        this.random = new Random(seed * 1000 + number);
        this.operations = operations;
        this.oddities = oddities;
        for (Mode mode : modes) {
            for (int slot = 0; slot < mode.slots(modes.size()); slot++) {
                slots.add(new Slot(slots.size(), mode));
            }
        }
    }

    /** One decision. */
    void act() throws InterruptedException {
        var slot = slots.get(random.nextInt(slots.size()));
        int dice = random.nextInt(100);
        int gpus = slot.mode.gpus(random.nextInt(GPU_DICE));
        boolean waits = random.nextBoolean();
        boolean holds = random.nextInt(4) == 0;
        long pause = random.nextInt(600);
        if (slot.id == null) {
            create(slot, gpus, waits, holds);
        } else if (dice < 25) {
            if (operate("delete", "DELETE", "", slot, null, holds)) {
                slot.id = null;
            }
        } else if (dice < 55) {
            operate("stop", "POST", "/stop", slot, null, holds);
        } else if (dice < 90) {
            operate("start", "POST", "/start", slot, waits ? Map.of("wait", true) : null, holds);
        } else {
            operate("look", "GET", "", slot, null, false);
        }
        Thread.sleep(pause);
    }

    private void create(Slot slot, int gpus, boolean waits, boolean holds) throws InterruptedException {
        if (slot.unanswered == null) {
            slot.generation++;
            slot.unanswered = slot.mode.request(name + "-" + slot.number + "-" + slot.generation, gpus);
            slot.unanswered.put("wait", waits);
        }
        String key = name + "/" + slot.number + "/" + slot.generation;
        var answer = holds
                ? api.send("POST", "/environments", slot.unanswered, "Idempotency-Key", key, "Prefer", "wait=5")
                : api.send("POST", "/environments", slot.unanswered, "Idempotency-Key", key);
        count("create", answer);
        if (answer.good()) {
            slot.id = answer.body().path("id").asString();
            slot.unanswered = null;
        } else if (answer.refused() && !answer.code().equals("operation_in_progress")) {
            slot.unanswered = null;
        }
    }

    /** Whether it is gone, or going. */
    private boolean operate(
            String what, String method, String path, Slot slot, @Nullable Map<String, ?> body, boolean holds)
            throws InterruptedException {
        var answer = holds
                ? api.send(method, "/environments/" + slot.id + path, body, "Prefer", "wait=5")
                : api.send(method, "/environments/" + slot.id + path, body);
        count(what, answer);
        boolean gone = answer.status() == 404;
        if (gone) {
            slot.id = null;
        }
        return answer.good() || gone;
    }

    private void count(String what, Api.Answer answer) throws InterruptedException {
        String outcome;
        if (answer.good()) {
            outcome = "accepted";
        } else if (answer.status() == 0) {
            outcome = "no answer";
        } else if (answer.refused()) {
            outcome = "refused: " + answer.code();
        } else {
            outcome = "answered " + answer.status();
        }
        operations.add(what + " " + outcome);
        if (answer.status() == 0) {
            // It is down: people wait, too.
            Thread.sleep(1000);
        }
        // 503 says honestly that something is away; 500 says that nobody thought of it.
        if (answer.status() == 500) {
            oddities.add(what + " answered 500: " + answer.body().path("detail").asString(""));
        }
    }
}
