package io.remotegpu.bench;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** Creates and deletes the benchmark's environments. */
final class Environments {

    private static final int DELETES_AT_ONCE = 16;
    private static final Duration LOOK_EVERY = Duration.ofMillis(25);

    private final Api api;
    private final String prefix = "bench-" + UUID.randomUUID().toString().substring(0, 8) + "-";
    private final AtomicInteger next = new AtomicInteger();

    Environments(Api api) {
        this.api = api;
    }

    /** The answer to the POST: the admitted environment, or after {@code Prefer: wait=N} the finished one. */
    JsonNode create(String mode, int gpus, String... headers) throws InterruptedException {
        return api.expect(
                "POST",
                "/environments",
                Map.of(
                        "name",
                        prefix + next.incrementAndGet(),
                        "environment_type",
                        "terminal",
                        "deployment_mode",
                        mode,
                        "cpu",
                        1,
                        "memory",
                        "512Mi",
                        "gpu",
                        gpus,
                        "storage",
                        "1Gi"),
                headers);
    }

    static UUID id(JsonNode environment) {
        return UUID.fromString(environment.path("id").asString());
    }

    /** Returns when it runs: also where the server held no answer, because many of the user's were held already. */
    void awaitRunning(JsonNode environment) throws InterruptedException {
        var seen = environment;
        while (seen.path("status").asString("").equals("creating")) {
            Thread.sleep(LOOK_EVERY);
            seen = api.expect("GET", "/environments/" + id(environment), null);
        }
        if (!seen.path("status").asString("").equals("running")) {
            throw new BenchException("an environment did not come up: " + seen);
        }
    }

    /** Returns when it is gone. */
    void delete(UUID id) throws InterruptedException {
        String path = "/environments/" + id;
        var answer = api.send("DELETE", path, null, "Prefer", "wait=60");
        if (answer.status() / 100 != 2
                || !answer.body().path("status").asString("").equals("deleted")) {
            throw answer.unexpected();
        }
    }

    void deleteAll(Collection<UUID> ids) throws InterruptedException {
        AtOnce.run(DELETES_AT_ONCE, ids, this::delete);
    }
}
