package io.remotegpu.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * An environment from the POST until its SSH banner, in turn with the raw engine. The address is known as soon as the
 * environment is admitted; from then on its port is asked, as the raw one's is.
 */
final class CreationComparison {

    private static final double TARGET = 1.25;
    private static final Duration POLL = Duration.ofMillis(5);
    /** An address may change while the environment comes up. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private final Api api;
    private final Environments environments;
    private final Creation creation;
    private final RawEngine engine;
    private final List<Long> untilBanner = new ArrayList<>();
    private final List<Long> untilRunning = new ArrayList<>();

    CreationComparison(Api api, Creation creation, RawEngine engine) {
        this.api = api;
        this.environments = new Environments(api);
        this.creation = creation;
        this.engine = engine;
    }

    Figures.CreationFigures measure(int samples, Progress progress) throws InterruptedException, MissingException {
        var raw = new ArrayList<Long>();
        for (int i = -creation.warmUp(); i < samples; i++) {
            progress.at(creation.what(), Math.max(0, i), samples);
            if (i == 0) {
                untilBanner.clear();
                untilRunning.clear();
            }
            environment();
            long alone = engine.measure();
            if (i >= 0) {
                raw.add(alone);
            }
        }
        return new Figures.CreationFigures(
                creation,
                engine.title(),
                new Comparison(new Samples("RemoteGPU", untilBanner), new Samples("raw engine", raw), TARGET),
                new Samples("RemoteGPU, until running", untilRunning));
    }

    private void environment() throws InterruptedException, MissingException {
        long began = System.nanoTime();
        UUID id = Environments.id(environments.create(creation.mode(), 0));
        try {
            long deadline = began + creation.banner().patience().toNanos();
            while (!bannerAt(address(id))) {
                requireOnItsWay(id, deadline);
            }
            untilBanner.add(System.nanoTime() - began);
            while (!status(id).equals("running")) {
                requireOnItsWay(id, deadline);
                Thread.sleep(POLL);
            }
            untilRunning.add(System.nanoTime() - began);
            engine.copyFrom(id);
        } finally {
            environments.delete(id);
        }
    }

    private boolean bannerAt(JsonNode ssh) throws InterruptedException {
        return creation.banner()
                .within(
                        LOOK_AGAIN,
                        ssh.path("host").asString(),
                        ssh.path("port").asInt());
    }

    private JsonNode address(UUID id) throws InterruptedException {
        return api.expect("GET", "/environments/" + id + "/access", null)
                .path("services")
                .path(0);
    }

    private String status(UUID id) throws InterruptedException {
        return api.expect("GET", "/environments/" + id, null).path("status").asString("");
    }

    private void requireOnItsWay(UUID id, long deadline) throws InterruptedException, MissingException {
        JsonNode seen = api.expect("GET", "/environments/" + id, null);
        if (seen.at("/failure/code").asString("").equals("image_not_found")) {
            throw new MissingException(seen.at("/failure/reason").asString());
        }
        if (!List.of("creating", "running").contains(seen.path("status").asString(""))
                || System.nanoTime() > deadline) {
            throw new BenchException("an environment did not come up: " + seen);
        }
    }
}
