package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.Progress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What wakes those who wait for a pod, on a real API server: so long between looks that only a watch can have woken them. */
class PodChangesIT {

    private static final Duration LONG = Duration.ofSeconds(40);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final long PATIENCE_SECONDS = 20;

    private static TestCluster cluster;

    private final AtomicInteger watches = new AtomicInteger();
    private CuttingProxy proxy;
    private KubernetesCluster through;
    private PodChanges changes;
    private String name;

    @BeforeAll
    static void connect() {
        cluster = TestCluster.connect();
    }

    @AfterAll
    static void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void aPodThatFindsNoNode() throws Exception {
        var config = cluster.client().getConfiguration();
        proxy = new CuttingProxy(URI.create(config.getMasterUrl()));
        through = new KubernetesCluster(
                new ConfigBuilder(config).withMasterUrl(proxy.address()).build(),
                http -> http.addOrReplaceInterceptor("watches", new Interceptor() {
                    @Override
                    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                        if (String.valueOf(request.uri().getQuery()).contains("watch=true")) {
                            watches.incrementAndGet();
                        }
                    }
                }));
        changes = new PodChanges(through.client(), LONG);
        var nowhere = KubernetesDriverSettings.defaults(
                cluster.settings().namespace(), "no-such-node", TestCluster.INSTALLATION);
        Pod pod = EnvironmentManifests.of(cluster.terminal(), nowhere).pod();
        cluster.client().resource(pod).create();
        name = pod.getMetadata().getName();
        Awaitility.await().until(() -> PodReading.of(now()) instanceof PodReading.Unplaced);
    }

    @AfterEach
    void nothingStays() {
        changes.close();
        through.close();
        proxy.close();
        cluster.client()
                .pods()
                .inNamespace(cluster.settings().namespace())
                .withName(name)
                .withGracePeriod(0)
                .delete();
    }

    @Test
    void aChangeIsSeenAtOnce() throws Exception {
        assertWokenBy(now());
        assertWokenBy(now());
        assertThat(watches).as("one watch for the whole wait").hasValue(1);
    }

    @Test
    void aChangeBeforeTheWatchStoodIsSeenToo() throws Exception {
        Pod seen = now();
        change(1);
        assertWaitEnds(seen);
    }

    @Test
    void aDroppedConnectionIsOpenedAnewFromWhatWasSeenSince() throws Exception {
        assertWokenBy(now());
        proxy.cutNow();
        watchedAnew();
        assertWokenBy(now());
    }

    @Test
    void aVersionThatIsTooOldIsWatchedAnewFromANewOne() throws Exception {
        Pod old = new PodBuilder(now())
                .editMetadata()
                .withResourceVersion("1")
                .endMetadata()
                .build();
        assertThat(whatTheServerSays(old)).contains("\"code\":410");
        changes.await(old, SHORT);
        watchedAnew();
        assertWokenBy(now());
    }

    @Test
    void aDeployAsksTheServerAFewDozenTimesHoweverLongItTakes() {
        var asked = new AtomicInteger();
        try (var counted = cluster.through(new Interceptor() {
            @Override
            public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                asked.incrementAndGet();
            }
        })) {
            var driver = new KubernetesDriver(counted, cluster.settings());
            Deployment one = cluster.terminal();
            driver.deploy(one, Progress.silent());
            assertThat(asked.get()).isBetween(10, 30);
            driver.remove(one.id());
        }
    }

    /** What a wait does: it looks, and waits for what comes after. */
    private void watchedAnew() {
        Awaitility.await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> {
            var waiting = waiting(now(), SHORT);
            change(watches.get());
            waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return watches.get() >= 2;
        });
    }

    private void assertWokenBy(Pod seen) throws Exception {
        int before = watches.get();
        var waiting = waiting(seen, LONG);
        Awaitility.await().until(() -> waiting.isDone() || watches.get() > 0);
        change(before + 10);
        waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void assertWaitEnds(Pod seen) throws Exception {
        waiting(seen, LONG).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Not in the common pool, by which the JDK's HTTP client completes its answers. */
    private CompletableFuture<Void> waiting(Pod seen, Duration unwatched) {
        return CompletableFuture.runAsync(() -> await(seen, unwatched), Thread::startVirtualThread);
    }

    private void await(Pod seen, Duration unwatched) {
        try {
            changes.await(seen, unwatched);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String whatTheServerSays(Pod old) {
        return cluster.client()
                .raw("/api/v1/namespaces/" + cluster.settings().namespace()
                        + "/pods?watch=true&timeoutSeconds=5&resourceVersion="
                        + old.getMetadata().getResourceVersion());
    }

    private Pod now() {
        return cluster.client()
                .pods()
                .inNamespace(cluster.settings().namespace())
                .withName(name)
                .get();
    }

    private void change(int number) {
        cluster.client()
                .pods()
                .inNamespace(cluster.settings().namespace())
                .withName(name)
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .addToAnnotations("change", number + " at " + System.nanoTime())
                        .endMetadata()
                        .build());
    }
}
