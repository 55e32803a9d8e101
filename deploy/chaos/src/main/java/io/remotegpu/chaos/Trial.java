package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A load and its breaking, then the quiet in which everything must come to rest and add up. */
final class Trial {

    /** So many calls of engines, and so many steps, meet a fault. */
    private static final double CALLS = 0.3;

    private static final double STEPS = 0.2;

    /** Where processes are apart, or engines real, most is to come from outside: steps are tried with the in-memory driver. */
    private static final double FEWER = 0.2;

    private static final Duration QUIET = Duration.ofMinutes(10);

    private final ChaosOptions options;
    private final Installation installation;
    private final Accounts accounts;
    private final Breaker breaker;
    private final Audit audit;
    private final Path engineFaults;
    private final Path stepFaults;
    private final Tally faults;
    private final Tally operations;
    private final Set<String> findings = new LinkedHashSet<>();

    Trial(
            ChaosOptions options,
            Installation installation,
            Accounts accounts,
            Breaker breaker,
            Audit audit,
            Path work,
            Tally faults,
            Tally operations) {
        this.options = options;
        this.installation = installation;
        this.accounts = accounts;
        this.breaker = breaker;
        this.audit = audit;
        this.engineFaults = work.resolve("engines");
        this.stepFaults = work.resolve("steps");
        this.faults = faults;
        this.operations = operations;
    }

    /** What was found wrong, in words. */
    Set<String> findings() {
        return findings;
    }

    /** Everything goes wrong at once. */
    void breakEverything() throws InterruptedException {
        script(Long.toString(options.seed()));
        var oddities = new Tally();
        var threads = new ArrayList<Thread>();
        for (int number = 1; number <= options.users(); number++) {
            var user = new User(number, accounts.user(number), options.modes(), options.seed(), operations, oddities);
            threads.add(Thread.ofVirtual().start(() -> work(user)));
        }
        try {
            var schedule = new Schedule(options.seed(), breaker.circumstances());
            long deadline = System.nanoTime() + options.duration().toNanos();
            while (played() < options.faults() && System.nanoTime() < deadline) {
                var dead = installation.dead();
                if (!dead.isEmpty()) {
                    dead.forEach(program -> findings.add(program.name() + " ended by itself"));
                    breaker.mend();
                }
                breaker.carryOut(schedule.next());
                Progress.at("breaking", played(), options.faults());
            }
        } finally {
            for (Thread thread : threads) {
                thread.interrupt();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            unscript();
        }
        count(engineFaults);
        count(stepFaults);
        findings.addAll(oddities.counts().keySet());
    }

    private static void work(User user) {
        try {
            while (true) {
                user.act();
            }
        } catch (InterruptedException e) {
            // Enough.
        }
    }

    /** Nothing is broken any more: seconds until all was at rest and nobody found anything. */
    double awaitRest() throws InterruptedException {
        breaker.mend();
        long began = System.nanoTime();
        List<String> wrong = new ArrayList<>();
        while (System.nanoTime() - began < QUIET.toNanos()) {
            wrong.clear();
            try {
                giveUpWaiting();
                wrong.addAll(audit.moving());
                if (wrong.isEmpty()) {
                    wrong.addAll(audit.doctor());
                    wrong.addAll(audit.differences());
                }
            } catch (SQLException | IOException e) {
                wrong.add("the database, or an engine, cannot be asked: " + e.getMessage());
            }
            if (wrong.isEmpty()) {
                doubled();
                return (System.nanoTime() - began) / 1e9;
            }
            Progress.at("quiet: " + wrong.getFirst(), 0, wrong.size());
            Thread.sleep(1000);
        }
        wrong.forEach(what -> findings.add("after " + QUIET.toMinutes() + " quiet minutes: " + what));
        doubled();
        return (System.nanoTime() - began) / 1e9;
    }

    private void doubled() {
        try {
            Path seenByEngines = engineFaults.resolve("doubled.log");
            if (Files.exists(seenByEngines)) {
                findings.addAll(Files.readAllLines(seenByEngines));
            }
            findings.addAll(audit.doubled());
        } catch (SQLException | IOException e) {
            findings.add("the log of holdings cannot be read: " + e.getMessage());
        }
    }

    /** Those that wait for room might do so for ever, rightly. */
    private void giveUpWaiting() throws SQLException, InterruptedException {
        for (String id : audit.queued()) {
            accounts.admin().send("DELETE", "/environments/" + id, null);
        }
    }

    /** At the end nothing may be held by anybody. */
    void deleteEverything() throws InterruptedException {
        long deadline = System.nanoTime() + QUIET.toNanos();
        try {
            while (true) {
                var left = audit.living();
                if (left.isEmpty() || System.nanoTime() > deadline) {
                    break;
                }
                for (String id : left) {
                    accounts.admin().send("DELETE", "/environments/" + id, null);
                }
                Progress.at("deleting what there is", 0, left.size());
                Thread.sleep(1000);
            }
            awaitRest();
            audit.held().forEach(what -> findings.add("after everything was deleted: " + what));
            audit.carried().forEach(id -> findings.add("after everything was deleted an engine has " + id));
        } catch (SQLException | IOException e) {
            findings.add("the last look failed: " + e.getMessage());
        }
    }

    private void script(String seed) {
        try {
            Files.writeString(engineFaults.resolve("faults"), seed + " " + CALLS * share());
            Files.writeString(stepFaults.resolve("steps"), seed + " " + STEPS * share());
        } catch (IOException e) {
            throw new ChaosException("faults cannot be scripted: " + e.getMessage(), e);
        }
    }

    private double share() {
        return options.apart() || !options.modes().equals(List.of(Mode.SIMULATED)) ? FEWER : 1;
    }

    private void unscript() {
        try {
            Files.deleteIfExists(engineFaults.resolve("faults"));
            Files.deleteIfExists(stepFaults.resolve("steps"));
        } catch (IOException e) {
            throw new ChaosException("faults cannot be ended: " + e.getMessage(), e);
        }
    }

    private long played() {
        return faults.total() + lines(engineFaults).size() + lines(stepFaults).size();
    }

    private void count(Path folder) {
        for (String line : lines(folder)) {
            String[] words = line.split(" ");
            faults.add(
                    words[0].toLowerCase(java.util.Locale.ROOT) + " of " + words[1].toLowerCase(java.util.Locale.ROOT));
        }
    }

    private static List<String> lines(Path folder) {
        Path log = folder.resolve("faults.log");
        try {
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        } catch (IOException e) {
            throw new ChaosException(log + " cannot be read: " + e.getMessage(), e);
        }
    }
}
