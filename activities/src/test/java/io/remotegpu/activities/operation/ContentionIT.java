package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Operations;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.db.gpu.Gpus;
import io.remotegpu.db.host.Capacity;
import io.remotegpu.db.host.GpuReport;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.db.quota.ResourceQuotaRepository;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.workflows.environment.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sixty-four callers at once, through workflows, steps and rows. */
class ContentionIT extends InstallationTest {

    private static final int CALLERS = 64;
    private static final List<String> HOSTS = List.of("host-1", "host-2", "host-3", "host-4");

    private record Call(UUID id, CompletableFuture<Void> answer) {

        boolean admitted() {
            return !answer.isCompletedExceptionally();
        }
    }

    @Test
    void aQuotaOfFourEnvironmentsGivesExactlyFour() {
        installation.host(HOST, 0);
        installation
                .bean(ResourceQuotaRepository.class)
                .set(installation.user(), 1000, 1000 * Specs.GIB, 100, 1000 * Specs.GIB, 4);

        var calls = createAll(number -> Specs.terminal("train-" + number, 0));

        assertExactly(4, calls, Refusal.QUOTA_EXCEEDED);
    }

    @Test
    void sixteenGpusGiveExactlySixteenBesideHeartbeatsAndStatusChanges() {
        HOSTS.forEach(host -> installation.host(host, 4));
        var others = new ArrayList<CompletableFuture<Void>>();
        var gpus =
                installation.jdbc().sql("SELECT id FROM gpus").query(Long.class).list();
        for (int i = 0; i < CALLERS; i++) {
            var host = HOSTS.get(i % HOSTS.size());
            var gpu = gpus.get(i % gpus.size());
            others.add(beside(() -> installation.bean(Hosts.class).heartbeat(host, capacity(host))));
            // The word that changes nothing: a GPU in error would rightly not be given.
            others.add(beside(() -> installation.bean(Gpus.class).setStatus(gpu, GpuStatus.AVAILABLE, null)));
        }

        var calls = createAll(number -> Specs.terminal("train-" + number, 1));
        others.forEach(CompletableFuture::join);

        assertExactly(16, calls, Refusal.NO_CAPACITY);
        assertThat(installation
                        .jdbc()
                        .sql("SELECT count(DISTINCT allocated_to) FROM gpus WHERE status = 'allocated'")
                        .query(Long.class)
                        .single())
                .isEqualTo(16);
    }

    private List<Call> createAll(IntFunction<EnvironmentSpec> spec) {
        var calls = IntStream.range(0, CALLERS)
                .mapToObj(number -> {
                    var another = UUID.randomUUID();
                    return new Call(
                            another, beside(() -> operations.create(installation.user(), another, spec.apply(number))));
                })
                .toList();
        calls.forEach(call -> call.answer().handle((_, _) -> null).join());
        calls.forEach(call -> operations.awaitEnd(call.id()));
        return calls;
    }

    /** That many run; the others were refused for that reason, and nothing is left of them. */
    private static void assertExactly(int running, List<Call> calls, Refusal refusal) {
        assertThat(calls)
                .filteredOn(Call::admitted)
                .hasSize(running)
                .allSatisfy(call ->
                        assertThat(installation.environment(call.id()).status()).isEqualTo(EnvironmentStatus.RUNNING));
        assertThat(calls).filteredOn(call -> !call.admitted()).allSatisfy(call -> {
            assertThat(Operations.refusal(call.answer().exceptionNow())).contains(refusal.name());
            assertThat(installation.exists(call.id())).isFalse();
            assertThat(installation.holdings(call.id())).isEqualTo(Holdings.NOTHING);
        });
        installation.assertSound();
    }

    private static Capacity capacity(String host) {
        var gpus = IntStream.range(0, 4)
                .mapToObj(index ->
                        new GpuReport(index, host + "-gpu-" + index, "Simulated H100", 80 * Specs.GIB, null, 0))
                .toList();
        return new Capacity(64, 256 * Specs.GIB, Set.of(DeploymentMode.SIMULATED), Map.of(), gpus);
    }
}
