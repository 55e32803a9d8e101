package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.remotegpu.activities.testing.Gate;
import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Wherever a create stands when it is to end: what it took is given back, and nothing comes to life later. */
class DeleteDuringCreateIT extends InstallationTest {

    private static final List<String> STEPS = List.of("Admission_create", "Engine_deploy", "Records_succeed");

    /** A create that stands at a gate. */
    private record Held(String step, String where, UUID id, Gate gate, CompletableFuture<Void> create) {}

    @BeforeEach
    void oneHost() {
        installation.host(HOST, 2 * STEPS.size());
    }

    /** All at once, because a delete reaches a workflow in the middle of a database step only after seconds. */
    @Test
    void aDeleteReachesACreateBeforeAndAfterEachOfItsSteps() {
        var creates = holdAtEachStep();

        var deletes = creates.stream()
                .map(held -> beside(() -> operations.delete(held.id())))
                .toList();
        deletes.forEach(CompletableFuture::join);
        creates.forEach(held -> held.gate().open());

        for (var held : creates) {
            end(held);
            if (installation.exists(held.id())) {
                assertThat(installation.environment(held.id()).status())
                        .as(held.where())
                        .isEqualTo(EnvironmentStatus.DELETED);
            }
            assertThat(installation.holdings(held.id())).as(held.where()).isEqualTo(Holdings.NOTHING);
        }
        installation.assertSound();
        assertThat(installation.driver(HOST).list()).isEmpty();
    }

    /** Given back or finished, nothing between. What the API does when nobody waits for the answer any more, and an operator in Temporal's UI. */
    @Test
    void aCancellationReachesACreateBeforeAndAfterEachOfItsSteps() {
        var creates = holdAtEachStep();

        creates.forEach(held -> operations.cancel(held.id()));
        awaitCancelled(creates);
        creates.forEach(held -> held.gate().open());

        for (var held : creates) {
            end(held);
            // The word may come to the workflow after the step has ended, so that more, or all, was done.
            var admitted = !held.create().isCompletedExceptionally();
            assertThat(installation.exists(held.id())).as(held.where()).isEqualTo(admitted);
            if (admitted) {
                assertThat(installation.environment(held.id()).status())
                        .as(held.where())
                        .isIn(EnvironmentStatus.FAILED, EnvironmentStatus.RUNNING);
            }
        }
        installation.assertSound();
    }

    private List<Held> holdAtEachStep() {
        var creates = new ArrayList<Held>();
        for (var step : STEPS) {
            creates.add(hold(step, "before-", gate -> installation.faults().before(step, gate)));
            creates.add(hold(step, "after-", gate -> installation.faults().after(step, gate)));
        }
        return creates;
    }

    /** One after another, so that each gate holds the create that it is for. */
    private Held hold(String step, String when, Consumer<Gate> at) {
        var where = when + step;
        var another = UUID.randomUUID();
        var gate = new Gate();
        at.accept(gate);
        var name = where.toLowerCase(Locale.ROOT).replace('_', '-');
        var create = beside(() -> operations.create(installation.user(), another, Specs.terminal(name, 1)));
        gate.awaitArrival();
        return new Held(step, where, another, gate, create);
    }

    private void awaitCancelled(List<Held> creates) {
        await().atMost(Duration.ofSeconds(30)).until(() -> creates.stream().allMatch(held -> cancelSeen(held.id())));
    }

    private boolean cancelSeen(UUID another) {
        return installation
                .client()
                .fetchHistory(operations.stub(another).getExecution().getWorkflowId())
                .getEvents()
                .stream()
                .anyMatch(event -> event.hasWorkflowExecutionCancelRequestedEventAttributes());
    }

    /** The create's caller is answered in any case, and its workflow ends. */
    private void end(Held held) {
        held.create().handle((_, _) -> null).join();
        operations.awaitEnd(held.id());
    }
}
