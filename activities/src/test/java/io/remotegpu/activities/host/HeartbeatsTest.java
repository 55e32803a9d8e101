package io.remotegpu.activities.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {

    private final Registry registry = new Registry();
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void letTheSlowOneGo() {
        never.countDown();
    }

    @Test
    void aMachineThatHangsWhenItIsLookedAtSilencesNoOther() throws Exception {
        var first = new AtomicBoolean(true);
        ReportSource hangs = () -> {
            if (!first.getAndSet(false)) {
                never.await();
            }
            return new SimulatedMachine(1, 1).report();
        };
        try (var heartbeats = heartbeats(hangs, new SimulatedMachine(2, 1))) {
            heartbeats.start();
            assertThat(registry.next()).isEqualTo("sim-2");
            assertThat(registry.next()).isEqualTo("sim-2");
        }
    }

    @Test
    void aMachineThatCannotBeLookedAtSilencesNoOtherAndIsHeardOfAgain() throws Exception {
        var calls = new int[1];
        ReportSource failsTwice = () -> {
            calls[0]++;
            if (calls[0] == 2 || calls[0] == 3) {
                throw new IOException("no answer");
            }
            return new SimulatedMachine(1, 1).report();
        };
        try (var heartbeats = heartbeats(failsTwice, new SimulatedMachine(2, 1))) {
            heartbeats.start();
            assertThat(registry.next()).isEqualTo("sim-2");
            while (!registry.next().equals("sim-1")) {
                // The other one goes on.
            }
        }
    }

    @Test
    void whatIsNotGuardedIsSaidOnceToWhoeverStartedTheProcess() throws Exception {
        var said = new LinkedBlockingQueue<String>();
        ReportSource open =
                () -> new SimulatedMachine(1, 1).report().unguarded(Map.of("docker.home", "disks are open"));
        try (var heartbeats =
                new Heartbeats(List.of(open, new SimulatedMachine(2, 1)), registry, said::add, Duration.ofMillis(20))) {
            assertThat(heartbeats.start().getFirst().facts())
                    .containsEntry("unguarded.docker.home", "disks are open")
                    .containsEntry("simulated", "true");
            for (int beats = 0; beats < 3; ) {
                beats += registry.next().equals("sim-1") ? 1 : 0;
            }
        }
        assertThat(said).containsExactly("disks are open");
    }

    private Heartbeats heartbeats(ReportSource... machines) {
        return new Heartbeats(List.of(machines), registry, trouble -> {}, Duration.ofMillis(20));
    }

    private static final class Registry implements HostReports {

        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Override
        public void register(Collection<HostReport> machines) {
            assertThat(machines).hasSize(2);
        }

        @Override
        public void report(HostReport machine) {
            heard.add(machine.id());
        }

        String next() throws InterruptedException {
            var id = heard.poll(60, TimeUnit.SECONDS);
            if (id == null) {
                throw new AssertionError("no machine was heard of");
            }
            return id;
        }
    }
}
