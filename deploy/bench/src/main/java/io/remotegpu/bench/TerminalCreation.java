package io.remotegpu.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** (a) A terminal environment from the POST until its SSH banner, in turn with the raw engine. */
final class TerminalCreation {

    private static final int WARM_UP = 10;
    private static final Duration POLL = Duration.ofMillis(25);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Api api;
    private final Environments environments;
    private final RawEngine engine;

    TerminalCreation(Api api, RawEngine engine) {
        this.api = api;
        this.environments = new Environments(api);
        this.engine = engine;
    }

    Comparison measure(int samples, Progress progress) throws InterruptedException {
        var ours = new ArrayList<Long>();
        var raw = new ArrayList<Long>();
        for (int i = -WARM_UP; i < samples; i++) {
            progress.at("terminal environment", Math.max(0, i), samples);
            long environment = environment();
            long container = engine.measure();
            if (i >= 0) {
                ours.add(environment);
                raw.add(container);
            }
        }
        return new Comparison(new Samples("RemoteGPU", ours), new Samples("raw engine", raw), 1.25);
    }

    private long environment() throws InterruptedException {
        long began = System.nanoTime();
        UUID id = Environments.id(environments.create("docker", 0));
        JsonNode ssh = awaitAccess(id);
        SshBanner.await(ssh.path("host").asString(), ssh.path("port").asInt());
        long took = System.nanoTime() - began;
        engine.copyFrom(id);
        environments.delete(id);
        return took;
    }

    private JsonNode awaitAccess(UUID id) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var answer = api.send("GET", "/environments/" + id + "/access", null);
            if (answer.status() == 200) {
                return answer.body().path("services").path(0);
            }
            // 409 while it comes up; also when it failed, so that the reason is quoted then.
            if (answer.status() != 409
                    || answer.body().path("detail").asString("").contains("is failed")
                    || System.nanoTime() > deadline) {
                throw new BenchException("an environment did not come up: "
                        + api.send("GET", "/environments/" + id, null).body());
            }
            Thread.sleep(POLL);
        }
    }
}
