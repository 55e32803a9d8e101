package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A second server on the first one's database, Temporal and engines, which crashes with an operation in its hands, again
 * and again; and how soon after the crash that operation has come to its end.
 */
final class SecondWorker {

    /** Each is crashed at in turn, by whichever operation comes there in the second server. */
    private static final List<String> CRASHES =
            List.of("Records_Succeed before", "Engine_Deploy before", "Records_Enter after", "Engine_Deploy after");

    /**
     * One crash.
     *
     * @param at the step, and whether before it or after
     * @param seconds from the crash to the end of the operation in its hands
     */
    record Crash(String at, double seconds) {}

    private static final String HOST = "second-worker";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Server second;
    private final Api admin;
    private final Path steps;
    private final Set<String> findings;

    SecondWorker(Jar jar, Server first, Api admin, Path work, Map<String, String> settings, Set<String> findings)
            throws IOException, InterruptedException {
        this.admin = admin;
        this.findings = findings;
        Path folder = Files.createDirectories(work.resolve("second"));
        this.steps = Files.createDirectories(folder.resolve("steps"));
        var theirs = new HashMap<>(settings);
        String password =
                Files.readString(first.home().resolve("postgres/password")).strip();
        theirs.put("TEMPORAL_ADDRESS", first.state("temporal"));
        theirs.put(
                "REMOTEGPU_DATABASE_URL",
                "postgresql://remotegpu:" + password + "@" + first.state("postgres") + "/remotegpu");
        theirs.put("REMOTEGPU_CHAOS_STEPS", steps.toString());
        // The same hosts: those that a start does not name, it drains.
        this.second = Server.whole(folder.resolve("second"), jar, SimulatedEngine.HOSTS, theirs);
        // Named after this machine, as the first one, it would be the same host.
        Files.createDirectories(second.home());
        Files.writeString(second.home().resolve("host-id"), HOST);
        // One installation has one key.
        Path keys = Files.createDirectories(second.home().resolve("keys"));
        try (var files = Files.newDirectoryStream(first.home().resolve("keys"))) {
            for (Path file : files) {
                Files.copy(file, keys.resolve(file.getFileName()));
            }
        }
    }

    List<Crash> run() throws IOException, InterruptedException {
        var crashes = new ArrayList<Crash>();
        int number = 0;
        try {
            for (String crash : CRASHES) {
                second.start();
                Files.writeString(steps.resolve("halt"), crash);
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (second.isAlive() && System.nanoTime() < deadline) {
                    double took = create("second-" + ++number);
                    if (took >= 0) {
                        Progress.at(
                                String.format(java.util.Locale.ROOT, "second worker, %s: %.1f s", crash, took), 0, 0);
                        crashes.add(new Crash(crash, took));
                    }
                }
                if (second.isAlive()) {
                    findings.add("the second worker never came " + crash.replace(' ', ',') + " in " + PATIENCE);
                    second.close();
                }
                second.awaitNothingLeft();
            }
        } finally {
            second.close();
            forgetItsHost();
        }
        return crashes;
    }

    /** Seconds from the second server's end to this create's; less than 0 when it did not end meanwhile. */
    private double create(String name) throws InterruptedException {
        var request = Mode.SIMULATED.request(name, 1);
        String id = admin.expect("POST", "/environments", request, "Idempotency-Key", name)
                .path("id")
                .asString();
        long ended = 0;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (ended == 0 && !second.isAlive()) {
                ended = System.nanoTime();
            }
            var seen = admin.send("GET", "/environments/" + id, null).body();
            if (!seen.path("operation").path("outcome").asString("").isEmpty()) {
                admin.send("DELETE", "/environments/" + id, null, "Prefer", "wait=20");
                return ended == 0 ? -1 : (System.nanoTime() - ended) / 1e9;
            }
            Thread.sleep(20);
        }
        findings.add("a create did not end within " + PATIENCE.toSeconds() + " s of its worker's crash");
        return -1;
    }

    /** It is gone for good: nobody is to miss it. */
    private void forgetItsHost() throws InterruptedException {
        admin.send("DELETE", "/hosts/" + HOST, null);
    }
}
