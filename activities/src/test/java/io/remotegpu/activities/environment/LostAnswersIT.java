package io.remotegpu.activities.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.remotegpu.activities.testing.AllSteps;
import io.remotegpu.activities.testing.Installation;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Rows;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.db.gpu.Gpus;
import io.remotegpu.db.gpu.NewGpu;
import io.remotegpu.drivers.simulated.DriverCall;
import io.remotegpu.drivers.spi.ErrorKind;
import io.temporal.client.WorkflowUpdateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** A step whose answer is lost is done again: whole operations end with the same rows and the same containers. */
class LostAnswersIT extends InstallationTest {

    @BeforeAll
    static void install() {
        installation = Installation.inRealTime();
    }

    private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID ANOTHER = UUID.fromString("00000000-0000-4000-8000-000000000002");

    /** Runs operations on {@link #ID}, calling {@code look} after each. */
    @FunctionalInterface
    private interface Scenario {
        void run(Runnable look);
    }

    private record Everything(Rows rows, Map<String, Map<UUID, String>> engines) {}

    private final Map<String, Scenario> scenarios = scenarios();

    @TestFactory
    Stream<DynamicNode> aLostAnswerLeavesNoTrace() {
        var everDone = new TreeSet<String>();
        var tests = new ArrayList<DynamicNode>();
        scenarios.forEach((name, scenario) -> {
            var undisturbed = play(scenario, Set.of());
            var steps = installation.faults().answered();
            everDone.addAll(steps);
            var disturbed = new ArrayList<DynamicNode>();
            for (var step : steps) {
                disturbed.add(dynamicTest(step, () -> {
                    assertThat(play(scenario, Set.of(step))).isEqualTo(undisturbed);
                    assertThat(installation.faults().lost(step)).isPositive();
                }));
            }
            disturbed.add(dynamicTest(
                    "every step", () -> assertThat(play(scenario, steps)).isEqualTo(undisturbed)));
            tests.add(dynamicContainer(name, disturbed));
        });
        tests.add(dynamicTest(
                "every step is done in some scenario",
                () -> assertThat(everDone).isEqualTo(AllSteps.names())));
        return tests.stream();
    }

    private static List<Everything> play(Scenario scenario, Set<String> answersLost) {
        installation.reset();
        installation.host(HOST, 1);
        answersLost.forEach(installation.faults()::loseAnswersOf);
        var seen = new ArrayList<Everything>();
        scenario.run(() -> {
            installation.assertSound();
            seen.add(new Everything(Rows.inEssence(installation.jdbc()), installation.engines()));
        });
        return seen;
    }

    private static Map<String, Scenario> scenarios() {
        var operations = installation.operations();
        var scenarios = new LinkedHashMap<String, Scenario>();
        scenarios.put("create, stop, start, delete", look -> {
            made(ID);
            look.run();
            operations.stop(ID);
            end(look);
            operations.start(ID);
            end(look);
            operations.delete(ID);
            end(look);
        });
        scenarios.put("a log that is read", look -> {
            made(ID);
            operations.captureLog(ID, HOST);
            look.run();
        });
        scenarios.put("a create that is refused", look -> {
            made(ANOTHER);
            refused(() -> made(ID));
            look.run();
        });
        scenarios.put("a create that fails", look -> {
            installation.engineFaults(HOST).failAfter(DriverCall.DEPLOY, ErrorKind.INVALID_SPEC, 1);
            made(ID);
            look.run();
            operations.delete(ID);
            end(look);
        });
        scenarios.put("a create that meets a taken port", look -> {
            installation.engineFaults(HOST).portTaken(22000);
            made(ID);
            look.run();
        });
        scenarios.put("a start that is refused", look -> {
            made(ID);
            operations.stop(ID);
            operations.awaitEnd(ID);
            made(ANOTHER);
            refused(() -> operations.start(ID));
            end(look);
        });
        scenarios.put("a create that waits for room", look -> {
            made(ANOTHER);
            operations.createOrWait(installation.user(), ID, Specs.terminal("train", 1), Duration.ofHours(1));
            addGpu();
            end(look);
        });
        scenarios.put("a start that waits for room and is not wanted any more", look -> {
            made(ID);
            operations.stop(ID);
            operations.awaitEnd(ID);
            made(ANOTHER);
            operations.start(ID, Duration.ofHours(1));
            operations.stopWaiting(ID);
            end(look);
        });
        scenarios.put("a start that fails", look -> {
            made(ID);
            operations.stop(ID);
            operations.awaitEnd(ID);
            installation.engineFaults(HOST).failAfter(DriverCall.DEPLOY, ErrorKind.CONFLICT, 1);
            operations.start(ID);
            end(look);
        });
        scenarios.put("a start that is given up", look -> {
            made(ID);
            operations.stop(ID);
            operations.awaitEnd(ID);
            installation.engineFaults(HOST).failBefore(DriverCall.DEPLOY, ErrorKind.ENGINE_UNAVAILABLE, 1000);
            operations.start(ID);
            // The in-process server delivers an update that comes in the middle of a database step only with the next
            // event.
            await().until(() -> installation.engineFaults(HOST).calls(DriverCall.DEPLOY) > 3);
            operations.abort(ID);
            end(look);
        });
        return scenarios;
    }

    private static void made(UUID id) {
        var operations = installation.operations();
        operations.create(installation.user(), id, Specs.terminal(id.equals(ID) ? "train" : "another", 1));
        operations.awaitEnd(id);
    }

    private static void addGpu() {
        installation
                .bean(Gpus.class)
                .register(new NewGpu(HOST, 7, HOST + "-gpu-7", "Simulated H100", 80 * Specs.GIB, 0));
    }

    private static void refused(Runnable call) {
        try {
            call.run();
        } catch (WorkflowUpdateException refused) {
            return;
        }
        throw new AssertionError("it was not refused");
    }

    private static void end(Runnable look) {
        installation.operations().awaitEnd(ID);
        look.run();
    }
}
