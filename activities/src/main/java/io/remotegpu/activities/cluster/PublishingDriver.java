package io.remotegpu.activities.cluster;

import io.remotegpu.db.port.Endpoint;
import io.remotegpu.drivers.kubernetes.KubernetesDriver;
import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentActivity;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.LogPart;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A node's driver, which says after each deploy where users reach what they do not reach at leased ports. */
record PublishingDriver(KubernetesDriver driver, BiConsumer<UUID, List<Endpoint>> publish)
        implements EnvironmentDriver, EnvironmentLogs, EnvironmentActivity {

    @Override
    public void deploy(Deployment deployment, Progress progress) {
        driver.deploy(deployment, progress);
        publish.accept(
                deployment.id(),
                driver.addresses(deployment.id()).stream()
                        .map(at -> new Endpoint(at.service(), at.host(), at.port(), at.tls()))
                        .toList());
    }

    @Override
    public void stop(UUID id, Duration grace) {
        driver.stop(id, grace);
    }

    @Override
    public void remove(UUID id) {
        driver.remove(id);
    }

    @Override
    public Observation observe(UUID id) {
        return driver.observe(id);
    }

    @Override
    public Set<UUID> list() {
        return driver.list();
    }

    @Override
    public List<String> logs(UUID id, int tail) {
        return driver.logs(id, tail);
    }

    @Override
    public LogPart logsAfter(UUID id, @Nullable String position, int tail) {
        return driver.logsAfter(id, position, tail);
    }

    @Override
    public Activity activity(UUID id) {
        return driver.activity(id);
    }
}
