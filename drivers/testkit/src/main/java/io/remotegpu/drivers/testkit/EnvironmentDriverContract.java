package io.remotegpu.drivers.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentActivity;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.spi.Service;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link EnvironmentDriver} promises, as tests. A driver's test class extends this and gives access to its engine,
 * which should be otherwise empty under the driver's label; each test removes what it made.
 */
public abstract class EnvironmentDriverContract {

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ConcurrentLinkedQueue<UUID> used = new ConcurrentLinkedQueue<>();

    /** The driver under test; the same one in each test. */
    protected abstract EnvironmentDriver driver();

    protected abstract TestDeployments deployments();

    /** Access to a running environment. */
    protected abstract Inside inside(Deployment deployment);

    /** Everything that the engine shows of the environment to those who may ask it: metadata, logs, events. */
    protected abstract String engineMetadata(UUID id);

    /** An image that neither the engine nor a registry has. */
    protected abstract String missingImage();

    /** Whether the host's ports are really bound, so that another process can hold one. */
    protected abstract boolean bindsHostPorts();

    /** How many GPUs, from index 0 on, the engine has. */
    protected abstract int gpuCount();

    /** Uses it from outside until that is closed: by an open connection to its SSH service, where there is one. */
    protected Closeable use(Deployment deployment) throws IOException {
        var socket = new Socket(TestDeployments.ADDRESS, TestDeployments.port(deployment, Service.SSH));
        // The port may be open before the service is: its banner is of the service.
        assertThat(socket.getInputStream().read()).isEqualTo('S');
        return socket;
    }

    @AfterEach
    void removeWhatTheTestMade() {
        used.forEach(driver()::remove);
    }

    @Test
    void aDeployedEnvironmentComesUp() {
        Deployment one = terminal();
        deploy(one);
        awaitRunning(one.id());
        assertThat(driver().list()).containsExactly(one.id());
    }

    @Test
    void theSameDeploymentAgainLeavesItRunning() {
        Deployment one = terminal();
        deploy(one);
        awaitRunning(one.id());
        inside(one).write("kept", "by the first");
        deploy(one);
        awaitRunning(one.id());
        assertThat(inside(one).read("kept")).isEqualTo("by the first");
        assertThat(driver().list()).containsExactly(one.id());
    }

    @Test
    void otherPortsReplaceTheComputeAndKeepTheData() {
        Deployment one = terminal();
        deploy(one);
        awaitRunning(one.id());
        inside(one).write("kept", "on the old port");
        Deployment moved = TestDeployments.onOtherPorts(one);
        deploy(moved);
        awaitRunning(one.id());
        assertThat(inside(moved).read("kept")).isEqualTo("on the old port");
        if (bindsHostPorts()) {
            int old = TestDeployments.port(one, Service.SSH);
            assertThatCode(() -> listen(old).close())
                    .as("the old port is free again")
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void onlyTheGivenGpusAreVisible() {
        assumeTrue(gpuCount() >= 4, "the engine has no 4 GPUs");
        Deployment one = TestDeployments.withGpus(terminal(), 1, 3);
        deploy(one);
        awaitRunning(one.id());
        assertThat(inside(one).gpus()).containsExactlyInAnyOrder(1, 3);
    }

    @Test
    void withoutGpusNoneIsVisible() {
        Deployment one = terminal();
        deploy(one);
        awaitRunning(one.id());
        assertThat(inside(one).gpus()).isEmpty();
    }

    @Test
    void otherGpusReplaceTheCompute() {
        assumeTrue(gpuCount() >= 4, "the engine has no 4 GPUs");
        Deployment one = TestDeployments.withGpus(terminal(), 0);
        deploy(one);
        awaitRunning(one.id());
        Deployment other = TestDeployments.withGpus(one, 2);
        deploy(other);
        awaitRunning(one.id());
        assertThat(inside(other).gpus()).containsExactly(2);
    }

    @Test
    void limitsAndVariablesHoldInside() {
        Deployment one = TestDeployments.withSize(terminal(), 1, 300 * TestDeployments.MEGABYTE);
        deploy(one);
        awaitRunning(one.id());
        assertThat(inside(one).memoryLimit()).isEqualTo(300 * TestDeployments.MEGABYTE);
        assertThat(inside(one).cpuLimit()).isEqualTo(1.0);
        assertThat(inside(one).variable("GREETING")).isEqualTo(one.spec().env().get("GREETING"));
    }

    @Test
    void aDeploymentAbandonedAtAnyPointIsFinishedByTheNextOne() {
        abandonedAtEachPoint(one -> {
            deploy(one);
            awaitRunning(one.id());
            driver().remove(one.id());
        });
    }

    @Test
    void aDeploymentAbandonedAtAnyPointIsReplacedByAnother() {
        abandonedAtEachPoint(one -> {
            Deployment moved = TestDeployments.onOtherPorts(one);
            deploy(moved);
            awaitRunning(one.id());
            inside(moved).write("reached", "on the new port");
            driver().remove(one.id());
        });
    }

    @Test
    void aDeploymentAbandonedAtAnyPointIsRemovedWholly() {
        abandonedAtEachPoint(one -> {
            assertThatCode(() -> driver().observe(one.id())).doesNotThrowAnyException();
            driver().remove(one.id());
            assertAbsent(one.id());
        });
    }

    @Test
    void aDeploymentAbandonedAtAnyPointCanBeStopped() {
        abandonedAtEachPoint(one -> {
            driver().stop(one.id(), GRACE);
            assertThat(driver().observe(one.id()).state()).isIn(Observation.State.STOPPED, Observation.State.ABSENT);
            driver().remove(one.id());
        });
    }

    @Test
    void stopKeepsTheDataForTheNextDeployment() {
        Deployment one = terminal();
        deploy(one);
        awaitRunning(one.id());
        inside(one).write("work", "of a day");
        driver().stop(one.id(), GRACE);
        assertThat(driver().observe(one.id()).state()).isEqualTo(Observation.State.STOPPED);
        assertThat(driver().list()).as("data is still there").containsExactly(one.id());

        Deployment elsewhere = TestDeployments.onOtherPorts(one);
        deploy(elsewhere);
        awaitRunning(one.id());
        assertThat(inside(elsewhere).read("work")).isEqualTo("of a day");
    }

    @Test
    void stoppingTwiceIsStopped() {
        Deployment one = terminal();
        deploy(one);
        driver().stop(one.id(), GRACE);
        driver().stop(one.id(), GRACE);
        assertThat(driver().observe(one.id()).state()).isEqualTo(Observation.State.STOPPED);
    }

    @Test
    void stoppingWhatIsAbsentSucceedsAndMakesNothing() {
        UUID unknown = UUID.randomUUID();
        driver().stop(unknown, GRACE);
        assertAbsent(unknown);
    }

    @Test
    void removeTakesComputeAndData() {
        Deployment one = terminal();
        deploy(one);
        awaitRunning(one.id());
        inside(one).write("secret", "plans");
        driver().remove(one.id());
        assertAbsent(one.id());

        deploy(one);
        awaitRunning(one.id());
        assertThat(inside(one).read("secret")).as("data of the removed one").isEmpty();
    }

    @Test
    void removingWhatIsStoppedTakesTheData() {
        Deployment one = terminal();
        deploy(one);
        driver().stop(one.id(), GRACE);
        driver().remove(one.id());
        assertAbsent(one.id());
    }

    @Test
    void removingTwiceOrWhatIsAbsentSucceeds() {
        Deployment one = terminal();
        deploy(one);
        driver().remove(one.id());
        driver().remove(one.id());
        driver().remove(UUID.randomUUID());
        assertAbsent(one.id());
    }

    @Test
    void anUnknownEnvironmentIsAbsent() {
        assertThat(driver().observe(UUID.randomUUID())).isEqualTo(Observation.absent());
    }

    @Test
    void theListHasExactlyWhatIsThere() {
        assertThat(driver().list()).isEmpty();
        Deployment runs = terminal();
        Deployment stopped = terminal();
        Deployment removed = terminal();
        List.of(runs, stopped, removed).forEach(this::deploy);
        driver().stop(stopped.id(), GRACE);
        driver().remove(removed.id());
        assertThat(driver().list()).containsExactlyInAnyOrder(runs.id(), stopped.id());
    }

    @Test
    void environmentsAtTheSameTimeDoNotDisturbEachOther() throws Exception {
        List<Deployment> all = List.of(terminal(), terminal(), terminal(), terminal());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> work = new ArrayList<>();
            for (Deployment one : all) {
                work.add(threads.submit(() -> {
                    deploy(one);
                    awaitRunning(one.id());
                    inside(one).write("mine", one.id().toString());
                    driver().stop(one.id(), GRACE);
                    deploy(one);
                    awaitRunning(one.id());
                }));
            }
            finish(work);
        }
        driver().remove(all.getFirst().id());
        for (Deployment one : all.subList(1, all.size())) {
            assertThat(inside(one).read("mine")).isEqualTo(one.id().toString());
        }
    }

    @Test
    void aPortHeldByAnotherProcessIsNamed() throws IOException {
        assumeTrue(bindsHostPorts(), "the driver binds no ports of the host");
        Deployment one = terminal();
        int port = TestDeployments.port(one, Service.SSH);
        try (ServerSocket foreign = listen(port)) {
            assertPortTaken(one, foreign.getLocalPort());
            assertPortTaken(one, foreign.getLocalPort()); // the same again, on what the first left behind

            Deployment moved = TestDeployments.onOtherPorts(one);
            deploy(moved);
            awaitRunning(one.id());
            inside(moved).write("reached", "on the next port");
        }
    }

    @Test
    void aPortOfAnotherEnvironmentIsNamed() {
        Deployment first = terminal();
        deploy(first);
        List<PortBinding> same = first.ports();
        Deployment plain = terminal();
        Deployment second =
                new Deployment(plain.id(), plain.owner(), plain.spec(), plain.gpus(), same, plain.credentials());
        assertPortTaken(second, same.getFirst().port());
        driver().remove(second.id());
        assertAbsent(second.id());
        awaitRunning(first.id());
    }

    @Test
    void anImageThatIsNotToBeHadIsNotFound() {
        Deployment one = TestDeployments.withImage(terminal(), missingImage());
        assertThatThrownBy(() -> deploy(one))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.IMAGE_NOT_FOUND))
                .hasMessageContaining(missingImage());
        driver().remove(one.id());
        assertAbsent(one.id());
    }

    @Test
    void whoUsesItIsSeenWhileItIsUsed() throws IOException {
        assumeTrue(driver() instanceof EnvironmentActivity, "the driver cannot see who uses an environment");
        var seeing = (EnvironmentActivity) driver();
        Deployment one = terminal();
        assertThat(seeing.activity(one.id())).as("of what is absent").isEqualTo(Activity.unknown());
        deploy(one);
        awaitRunning(one.id());
        awaitConnections(seeing, one.id(), 0);
        Long before = seeing.activity(one.id()).cpuNanos();
        assertThat(before).isNotNull();
        try (var _ = use(one)) {
            awaitConnections(seeing, one.id(), 1);
        }
        awaitConnections(seeing, one.id(), 0);
        assertThat(seeing.activity(one.id()).cpuNanos()).isGreaterThanOrEqualTo(before);
        driver().stop(one.id(), GRACE);
        assertThat(seeing.activity(one.id())).as("of what is stopped").isEqualTo(Activity.unknown());
    }

    @Test
    void aLogIsReadOnOverAStopAndAStartWithNothingLostOrTwice() {
        assumeTrue(driver() instanceof EnvironmentLogs, "the driver has no logs");
        Deployment one = terminal();
        var reader = new ReadingOn((EnvironmentLogs) driver(), one.id());
        reader.read();
        deploy(one);
        awaitRunning(one.id());
        inside(one).print(List.of("reading-on-1"));
        reader.readUntil("reading-on-1");
        reader.read();
        inside(one).print(List.of("reading-on-2", "reading-on-3"));
        inside(one).print(List.of("reading-on-4"));
        reader.readUntil("reading-on-4");
        driver().stop(one.id(), GRACE);
        reader.read();
        deploy(one);
        awaitRunning(one.id());
        inside(one).print(List.of("reading-on-5"));
        reader.readUntil("reading-on-5");
        inside(one).print(List.of("reading-on-6"));
        reader.readUntil("reading-on-6");
        assertThat(reader.marked())
                .containsExactly(
                        "reading-on-1", "reading-on-2", "reading-on-3", "reading-on-4", "reading-on-5", "reading-on-6");
        assertThat(reader.fromTheEnd(1)).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void credentialsAreNowhereInWhatTheEngineShows() {
        for (var type : List.of(EnvironmentType.IDE, EnvironmentType.DESKTOP)) {
            Deployment one = remember(deployments().of(type));
            deploy(one);
            awaitRunning(one.id());
            String shown = engineMetadata(one.id());
            assertThat(shown).contains(one.id().toString());
            one.credentials().authorizedKeys().forEach(key -> assertThat(shown).doesNotContain(key.split(" ", -1)[1]));
            Stream.of(one.credentials().jupyterToken(), one.credentials().password())
                    .filter(Objects::nonNull)
                    .forEach(secret -> assertThat(shown).doesNotContain(secret));
            driver().remove(one.id());
        }
    }

    /** A new environment that is removed after the test. */
    protected final Deployment terminal() {
        return remember(deployments().terminal());
    }

    protected final Deployment remember(Deployment deployment) {
        used.add(deployment.id());
        return deployment;
    }

    protected final void deploy(Deployment deployment) {
        driver().deploy(deployment, Progress.silent());
    }

    protected final void awaitRunning(UUID id) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Observation seen = driver().observe(id);
        while (seen.state() == Observation.State.STARTING && System.nanoTime() < deadline) {
            assertThat(seen.reason()).as("why it is not running yet").isNotBlank();
            pause();
            seen = driver().observe(id);
        }
        assertThat(seen).isEqualTo(Observation.running());
    }

    private static void awaitConnections(EnvironmentActivity seeing, UUID id, int expected) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Activity seen = seeing.activity(id);
        while (!Integer.valueOf(expected).equals(seen.connections()) && System.nanoTime() < deadline) {
            pause();
            seen = seeing.activity(id);
        }
        assertThat(seen.connections()).isEqualTo(expected);
    }

    private void assertAbsent(UUID id) {
        assertThat(driver().observe(id)).isEqualTo(Observation.absent());
        assertThat(driver().list()).doesNotContain(id);
    }

    private void assertPortTaken(Deployment deployment, int port) {
        assertThatThrownBy(() -> deploy(deployment)).isInstanceOfSatisfying(DriverException.class, e -> {
            assertThat(e.kind()).isEqualTo(ErrorKind.PORT_TAKEN);
            assertThat(e.port()).isEqualTo(port);
        });
    }

    /**
     * Abandons one deployment where it reports first, the next where it reports for the second time, and so on, until one
     * comes to its end: how often one reports depends on how long it takes.
     */
    private void abandonedAtEachPoint(Consumer<Deployment> then) {
        int point = 0;
        Deployment one = terminal();
        while (Abandoned.at(point, one, driver())) {
            then.accept(one);
            point++;
            one = terminal();
        }
        driver().remove(one.id());
        assertThat(point).as("a deployment tells what it does").isPositive();
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getByName(TestDeployments.ADDRESS));
    }

    private static void finish(List<Future<?>> work) throws InterruptedException, ExecutionException {
        for (Future<?> one : work) {
            one.get();
        }
    }

    static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
